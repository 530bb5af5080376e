import { and, eq } from "drizzle-orm";
import { type Attempt, AttemptRefusals } from "@shopnexus/contracts/order/attempt";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { epochMs } from "@shopnexus/contracts/kit/time";
import type { In } from "@shopnexus/contracts/kit/contract";
import type { Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { checkout, checkoutLine } from "#db/order/tables.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { totalOf } from "../_kit/basket.ts";
import { stateOf, tell } from "../order/rows.ts";

type Input = In<typeof Attempt, "open">;

export const open: Step<typeof Attempt, "open"> = async (input, { db }) => {
  const { checkoutId, currency, lines, wallet, windowEndsAt } = input;
  const total = totalOf(lines, currency);
  await inTransaction(db, async (tx) => {
    const [opened] = await tx
      .update(checkout)
      .set({
        state: "awaiting_payment",
        totalMinor: total.minor,
        walletMinor: wallet.minor,
        groups: input.groups.map(groupRow),
        currency,
        address: input.address,
        windowEndsAt: new Date(windowEndsAt),
      })
      .where(and(eq(checkout.checkoutId, checkoutId), eq(checkout.state, "claimed")))
      .returning({ checkoutId: checkout.checkoutId });
    if (opened === undefined) return beOpen(tx, checkoutId);
    await tx.insert(checkoutLine).values(lines.map((line, position) => lineRow(checkoutId, line, position)));
    await tell(tx, checkoutId, "checkout_opened");
  });
  return { total, windowMs: Math.max(0, epochMs(windowEndsAt) - Date.now()) };
};

/** Opened before by a repeat of this call, or taken back by an abandon that overtook it. */
const beOpen = async (tx: Tx, checkoutId: string): Promise<void> => {
  const state = await stateOf(tx, checkoutId);
  if (state !== "awaiting_payment" && state !== "placed")
    throw refuse(AttemptRefusals.CHECKOUT_CLOSED, { state });
};

const lineRow = (checkoutId: string, line: Input["lines"][number], position: number) => ({
  checkoutId,
  position,
  lineId: line.lineId,
  skuId: line.skuId,
  listingId: line.listingId,
  sellerId: line.sellerId,
  title: line.title,
  pieces: line.pieces,
  unitMinor: line.unitPrice.minor,
  discountMinor: line.discount.minor,
  platformDiscountMinor: line.platformDiscount?.minor ?? 0,
  cashbackMinor: line.cashback?.minor ?? 0,
  platformCarriageMinor: line.platformCarriage?.minor ?? 0,
  sellerCarriageMinor: line.sellerCarriage?.minor ?? 0,
  totalMinor: line.total.minor,
  sourceMinor: line.source.minor,
  sourceCurrency: line.source.currency,
  shippingMinor: line.shipping.minor,
  commissionMinor: line.commission.minor,
  note: line.note,
  weightGrams: line.weightGrams,
  sizeMm: line.sizeMm,
  isBackordered: line.isBackordered,
});

const groupRow = ({ shipping, ...group }: Input["groups"][number]) => ({
  ...group,
  shippingMinor: shipping.minor,
});
