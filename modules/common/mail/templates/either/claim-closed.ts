import { fact, look, quote, type Template } from "../_kit/draft.ts";

export const claimClosed: Template<"claim_closed"> = ({ orderId, refundId, outcome, reason, link }) => ({
  subject: "A claim is closed",
  parts: [
    fact("Outcome", outcome),
    ...quote(reason),
    fact("Order", orderId),
    fact("Claim", refundId),
    ...look("See the claim", link),
  ],
});
