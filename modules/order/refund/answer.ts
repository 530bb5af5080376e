import type { Refund } from "@shopnexus/contracts/order/refund";
import { id } from "@shopnexus/contracts/kit/id";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { In } from "@shopnexus/contracts/kit/contract";
import { Claim, ClaimRefusals } from "@shopnexus/contracts/order/claim";
import type { ClaimView } from "@shopnexus/contracts/order/complaint";
import type { WorkflowSharedContext } from "@restatedev/restate-sdk";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { say } from "#modules/_kit/say.ts";
import { newsOf } from "./rules.ts";

export const answer: Handler<typeof Refund, "answer"> = async (ctx, input, { who }) => {
  const by = { accountId: accountOf(who).accountId, role: "seller" as const };
  return moveAndSay(ctx, { by, event: input.answer, says: input.says });
};

type Move = Omit<In<typeof Claim, "move">, "refundId">;

/** Moves the claim of this key, and wakes its run. */
export const moveAndSay = async (ctx: WorkflowSharedContext, move: Move): Promise<ClaimView> => {
  if (!id("rfd").safeParse(ctx.key).success) throw refuse(ClaimRefusals.CLAIM_UNKNOWN, {});
  const { before, claim } = await call(ctx, Claim).move({ refundId: ctx.key, ...move });
  await say(ctx, newsOf(before), true);
  return claim;
};
