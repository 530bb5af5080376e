import type { Claim } from "@shopnexus/contracts/order/claim";
import { inTransaction } from "#db/_kit/transaction.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { happen, letGo, lockClaim, nowOf, refundLines, resumeLines } from "../_kit/claims.ts";
import { returnable } from "../_kit/money.ts";

export const settle: Step<typeof Claim, "settle"> = async ({ refundId }, { db, settings, callKey }) =>
  inTransaction(db, async (tx) => {
    const held = await lockClaim(tx, refundId);
    if (held === undefined || held.claim.state !== "paying") return {};
    const { deadlines } = settings;
    const isGone = Map.groupBy(held.lines, (line) => returnable(line) === 0);
    await refundLines(tx, isGone.get(true) ?? [], "claim_accepted");
    await resumeLines(tx, isGone.get(false) ?? [], { now: await nowOf(tx), deadlines });
    await letGo(tx, refundId);
    await happen(tx, held, { event: "settle", role: "shop", callKey, deadlines });
    return {};
  });
