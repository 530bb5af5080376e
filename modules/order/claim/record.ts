import type { Out } from "@shopnexus/contracts/kit/contract";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { type Claim, ClaimRefusals } from "@shopnexus/contracts/order/claim";
import type { ClaimOrder } from "@shopnexus/contracts/order/complaint";
import { OrderRefusals } from "@shopnexus/contracts/order/order";
import type { Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { claim, claimLine } from "#db/order/claims.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { Deadlines } from "#modules/_kit/deadlines.ts";
import { canonical, sha256 } from "#modules/_kit/derive.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { noteEvent } from "../_kit/claim-events.ts";
import { type ClaimRow, later, nowOf } from "../_kit/claims.ts";
import { giveBack, sellerMinor } from "../_kit/money.ts";
import { countChange, type LineRow, lockOrder, moveLines, type OrderRow } from "../line/rows.ts";
import { claimView, findClaim, paidPiecesOf } from "./rows.ts";
import { askedOf } from "./rules.ts";

export const record: Step<typeof Claim, "record"> = async (order, { db, settings, callKey }) =>
  inTransaction(db, async (tx) => {
    const held = await lockOrder(tx, order.orderId);
    if (held === undefined || held.head.buyerId !== order.accountId)
      throw refuse(OrderRefusals.ORDER_UNKNOWN, {});
    const known = await findClaim(tx, order.refundId);
    if (known !== undefined) return told(tx, beSame(known, order));
    return told(tx, await write(tx, { order, ...held }, { deadlines: settings.deadlines, callKey }));
  });

const told = async (tx: Tx, row: ClaimRow): Promise<Out<typeof Claim, "record">> => ({
  claim: await claimView(tx, row.refundId),
  share: { minor: row.shareMinor, currency: row.shareCurrency },
});

const bodyHashOf = ({ lines, reason, says, evidence }: ClaimOrder): string =>
  sha256(canonical({ lines, reason, says, evidence }));

const beSame = (known: ClaimRow, order: ClaimOrder): ClaimRow => {
  if (known.bodyHash !== bodyHashOf(order)) throw refuse(ClaimRefusals.CLAIM_KEY_REUSED, {});
  if (known.state === "voided") throw refuse(ClaimRefusals.CLAIM_VOIDED, {});
  return known;
};

type Opening = { readonly order: ClaimOrder; readonly head: OrderRow; readonly lines: readonly LineRow[] };
type Call = { readonly deadlines: Deadlines; readonly callKey: string };

/** The order is locked, so what is read here is what is written about. */
const write = async (tx: Tx, { order, head, lines }: Opening, call: Call): Promise<ClaimRow> => {
  const now = await nowOf(tx);
  const paidPieces = await paidPiecesOf(
    tx,
    order.lines.map(({ lineId }) => lineId),
  );
  const asked = askedOf({ order, lines, paidPieces, currency: head.currency, now });
  const own = lines.filter(({ lineId }) => asked.some((ask) => ask.lineId === lineId));
  const dueAt = later(now, call.deadlines.answerMs);
  const { refundId } = order;
  const shareMinor = shareOf(head, own, asked);
  const askedMinor = asked.reduce((sum, ask) => sum + ask.askedMinor, 0);
  const [row] = await tx
    .insert(claim)
    .values({ ...claimRow(order, head), askedMinor, shareMinor, state: "requested", version: 1, dueAt })
    .returning();
  await tx.insert(claimLine).values(asked.map((ask) => ({ ...ask, refundId, isLive: true })));
  await moveLines(tx, own, { event: "claim", dueAt });
  const { before } = await countChange(tx, head.orderId);
  const opened = { event: "open", state: "requested", role: "buyer", version: 1 } as const;
  const by = { actorId: order.accountId, says: order.says, callKey: call.callKey, orderVersion: before };
  const { orderId, checkoutId } = head;
  await noteEvent(tx, { refundId, orderId, checkoutId }, { ...opened, ...by });
  assert(row !== undefined, "a row that was inserted is given back");
  return row;
};

/** What of it the seller was paid already, by the platform too, less the commission on it: the very amount that paying it back will take. */
const shareOf = (head: OrderRow, lines: readonly LineRow[], asked: ReturnType<typeof askedOf>): number => {
  const moves = asked.flatMap(({ lineId, askedMinor }) => {
    const line = lines.find((one) => one.lineId === lineId);
    return line === undefined ? [] : [giveBack(line, askedMinor)];
  });
  const minor = moves.reduce(
    (sum, move) => sum + move.clawedMinor - move.subsidizedMinor - move.commissionMinor,
    0,
  );
  return sellerMinor(minor, head);
};

/** What a claim is, whatever becomes of it. */
export const claimRow = (order: ClaimOrder, head: OrderRow) => ({
  refundId: order.refundId,
  orderId: order.orderId,
  checkoutId: head.checkoutId,
  buyerId: head.buyerId,
  sellerId: head.sellerId,
  claimKey: order.claimKey,
  bodyHash: bodyHashOf(order),
  reason: order.reason,
  says: order.says,
  evidence: order.evidence,
  currency: head.currency,
  shareCurrency: head.sellerCurrency,
});
