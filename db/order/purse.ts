/** The money of a line, in the checkout's currency: what has become of each minor unit that was paid for it. */
import { sql } from "drizzle-orm";
import { type AnyPgColumn, check } from "drizzle-orm/pg-core";
import { minor } from "../_kit/columns.ts";

export const purse = {
  shippingMinor: minor("shipping_minor").notNull().default(0),
  commissionMinor: minor("commission_minor").notNull().default(0),
  paidMinor: minor("paid_minor").notNull().default(0),
  escrowMinor: minor("escrow_minor").notNull().default(0),
  carriedMinor: minor("carried_minor").notNull().default(0),
  releasedMinor: minor("released_minor").notNull().default(0),
  returnedMinor: minor("returned_minor").notNull().default(0),
  clawedMinor: minor("clawed_minor").notNull().default(0),
  uncarriedMinor: minor("uncarried_minor").notNull().default(0),
  /** What of `commissionMinor` the platform has by now. */
  chargedMinor: minor("charged_minor").notNull().default(0),
  /** What of `platformDiscountMinor` the seller, and of `cashbackMinor` the buyer, has by now. */
  subsidizedMinor: minor("subsidized_minor").notNull().default(0),
  rewardedMinor: minor("rewarded_minor").notNull().default(0),
  /** What of `sellerCarriageMinor` the seller has paid by now. */
  borneMinor: minor("borne_minor").notNull().default(0),
};

type Frozen = "totalMinor" | "platformDiscountMinor" | "cashbackMinor" | "sellerCarriageMinor";
type Line = Readonly<Record<keyof typeof purse | Frozen, AnyPgColumn>>;

/** Nothing is lost on the way, nothing spent twice. */
export const purseIsSound = (t: Line) => [
  check(
    "line_escrow_adds_up",
    sql`${t.escrowMinor} = ${t.paidMinor} - ${t.carriedMinor} - ${t.releasedMinor} - (${t.returnedMinor} - ${t.clawedMinor} - ${t.uncarriedMinor})`,
  ),
  check("line_escrow_never_below_zero", sql`${t.escrowMinor} >= 0`),
  check(
    "line_paid_as_frozen",
    sql`${t.paidMinor} = 0 or ${t.paidMinor} = ${t.totalMinor} + ${t.shippingMinor}`,
  ),
  check("line_returned_at_most_paid", sql`${t.returnedMinor} between 0 and ${t.paidMinor}`),
  check("line_clawed_at_most_released", sql`${t.clawedMinor} between 0 and ${t.releasedMinor}`),
  check("line_uncarried_at_most_carried", sql`${t.uncarriedMinor} between 0 and ${t.carriedMinor}`),
  check("line_carried_at_most_shipping", sql`${t.carriedMinor} between 0 and ${t.shippingMinor}`),
  check(
    "line_commission_at_most_sale",
    sql`${t.commissionMinor} between 0 and ${t.totalMinor} + ${t.platformDiscountMinor}`,
  ),
  check("line_charged_at_most_commission", sql`${t.chargedMinor} between 0 and ${t.commissionMinor}`),
  check("line_subsidy_too_high", sql`${t.subsidizedMinor} between 0 and ${t.platformDiscountMinor}`),
  check("line_reward_too_high", sql`${t.rewardedMinor} between 0 and ${t.cashbackMinor}`),
  check("line_bears_too_much", sql`${t.borneMinor} between 0 and ${t.sellerCarriageMinor}`),
];
