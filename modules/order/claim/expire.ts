import type { Claim } from "@shopnexus/contracts/order/claim";
import { inTransaction } from "#db/_kit/transaction.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { happen, lockClaim, nowOf } from "../_kit/claims.ts";
import { outcomeOf } from "./rules.ts";

export const expire: Step<typeof Claim, "expire"> = async ({ refundId }, { db, settings, callKey }) =>
  inTransaction(db, async (tx) => {
    const held = await lockClaim(tx, refundId);
    const dueAt = held?.claim.dueAt ?? null;
    if (held === undefined || dueAt === null || dueAt > (await nowOf(tx))) return {};
    const { state, escalatedAt } = held.claim;
    const event = outcomeOf(state, escalatedAt !== null) === "escalate" ? "escalate" : "expire";
    await happen(tx, held, { event, role: "shop", callKey, deadlines: settings.deadlines });
    return {};
  });
