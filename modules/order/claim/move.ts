import type { In } from "@shopnexus/contracts/kit/contract";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { type Claim, ClaimRefusals } from "@shopnexus/contracts/order/claim";
import type { Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { didBefore, eventOfCall } from "../_kit/claim-events.ts";
import { type ClaimRow, happen, type Held, lockClaim } from "../_kit/claims.ts";
import type { Step, StepScene } from "#modules/_kit/handler.ts";
import { claimView } from "./rows.ts";
import { mayMove } from "./rules.ts";

type Move = In<typeof Claim, "move">;
type Call = Pick<StepScene, "settings" | "callKey">;

/** Whoever comes first moves it; the others are told how it stands. */
export const move: Step<typeof Claim, "move"> = async (input, { db, settings, callKey }) =>
  inTransaction(db, async (tx) => {
    const held = await lockClaim(tx, input.refundId);
    if (held === undefined || !isParty(held.claim, input)) throw refuse(ClaimRefusals.CLAIM_UNKNOWN, {});
    const before = await moved(tx, { held, input }, { settings, callKey });
    return { before, claim: await claimView(tx, input.refundId) };
  });

const isParty = ({ buyerId, sellerId }: ClaimRow, { by, event }: Move): boolean => {
  if (by === null) return true;
  const accountId = by.role === "buyer" ? buyerId : sellerId;
  return accountId === by.accountId && mayMove(event, by.role);
};

const moved = async (
  tx: Tx,
  { held, input }: { held: Held; input: Move },
  { settings, callKey }: Call,
): Promise<number> => {
  const { refundId, by, event, says, isSellable } = input;
  // A call that was cut off after its transaction: the run still has to hear of what it did.
  const known = await eventOfCall(tx, refundId, callKey);
  if (known !== undefined) return known.version - 1;
  const actorId = by?.accountId;
  const done = await happen(tx, held, {
    event,
    role: by?.role ?? "shop",
    actorId,
    says,
    callKey,
    deadlines: settings.deadlines,
    set: isSellable === undefined ? undefined : { isSellable },
  });
  if (done !== undefined) return done.before;
  const { state, version } = held.claim;
  // A second click, or a carrier that repeats itself or is late, changes nothing.
  if (by === null || (await didBefore(tx, refundId, { event, actorId }))) return version - 1;
  throw refuse(ClaimRefusals.CLAIM_DECIDED, { state });
};
