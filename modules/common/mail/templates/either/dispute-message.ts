import { fact, look, quote, type Template } from "../_kit/draft.ts";

export const disputeMessage: Template<"dispute_message"> = ({ orderId, disputeId, message, link }) => ({
  subject: "A new message in your dispute",
  parts: [...quote(message), fact("Order", orderId), fact("Dispute", disputeId), ...look("Answer", link)],
});
