/** What the order module keeps of money that is asked back: claims and all that happened to them, and disputes. */
import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  primaryKey,
  text,
  unique,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { ClaimEvent, ClaimReason, ClaimState, Role } from "@shopnexus/contracts/order/complaint";
import { type Award, DisputeState, Verdict } from "@shopnexus/contracts/order/dispute";
import type { z } from "zod";
import { at, createdAt, currency, id, minor, oneOf } from "../_kit/columns.ts";
import { schema } from "./tables.ts";

/** One request for money back. Its run moves it; every change counts `version` up and leaves a row of claim_event. */
export const claim = schema.table(
  "claim",
  {
    refundId: id("rfd", "refund_id").primaryKey(),
    orderId: id("ord", "order_id").notNull(),
    checkoutId: id("chk", "checkout_id").notNull(),
    buyerId: id("acc", "buyer_id").notNull(),
    sellerId: id("acc", "seller_id").notNull(),
    claimKey: text("claim_key").notNull(),
    bodyHash: text("body_hash").notNull(),
    reason: text("reason").$type<ClaimReason>().notNull(),
    says: text("says").notNull(),
    evidence: jsonb("evidence").$type<readonly string[]>().notNull(),
    currency: currency("currency").notNull(),
    askedMinor: minor("asked_minor").notNull(),
    /** What went back, once the money has moved. */
    paidMinor: minor("paid_minor"),
    /** What the seller had been paid of it when it was opened, in the seller's currency: frozen until it is over. */
    shareMinor: minor("share_minor").notNull(),
    shareCurrency: currency("share_currency").notNull(),
    state: text("state").$type<ClaimState>().notNull(),
    version: integer("version").notNull(),
    /** The parcel that the goods come back in. */
    shipmentId: id("shp", "shipment_id"),
    /** The seller has the goods back and can sell them again. */
    isSellable: boolean("is_sellable"),
    dueAt: at("due_at"),
    escalatedAt: at("escalated_at"),
    openedAt: createdAt("opened_at"),
    endedAt: at("ended_at"),
  },
  (t) => [
    unique("one_claim_a_key").on(t.orderId, t.buyerId, t.claimKey),
    index("claims_of_order").on(t.orderId),
    index("claims_of_buyer").on(t.buyerId, t.openedAt, t.refundId),
    index("claims_of_seller").on(t.sellerId, t.openedAt, t.refundId),
    index("claims_by_state").on(t.state, t.openedAt, t.refundId),
    index("claims_newest").on(t.openedAt, t.refundId),
    check("claim_state_known", oneOf(t.state, ClaimState.options)),
    check("claim_reason_known", oneOf(t.reason, ClaimReason.options)),
    check("claim_paid_at_most_asked", sql`${t.paidMinor} between 0 and ${t.askedMinor}`),
    check("claim_share_not_negative", sql`${t.shareMinor} >= 0`),
    check(
      "claim_paid_when_money_moved",
      sql`(${t.state} in ('paying', 'settled')) = (${t.paidMinor} is not null)`,
    ),
  ],
);

/** What a claim asks for of one line. A line has one live claim at most. */
export const claimLine = schema.table(
  "claim_line",
  {
    refundId: id("rfd", "refund_id")
      .notNull()
      .references(() => claim.refundId),
    lineId: id("lin", "line_id").notNull(),
    pieces: integer("pieces").notNull(),
    askedMinor: minor("asked_minor").notNull(),
    /** What a verdict in part gives; null: all that was asked. */
    awardedMinor: minor("awarded_minor"),
    paidMinor: minor("paid_minor"),
    isLive: boolean("is_live").notNull(),
  },
  (t) => [
    primaryKey({ name: "claim_line_asked_once", columns: [t.refundId, t.lineId] }),
    uniqueIndex("one_live_claim_a_line").on(t.lineId).where(sql`${t.isLive}`),
    index("claims_of_line").on(t.lineId),
    check("claim_line_has_pieces", sql`${t.pieces} between 1 and 9999`),
    check("claim_line_asks_for_something", sql`${t.askedMinor} > 0`),
    check("claim_line_awarded_at_most_asked", sql`${t.awardedMinor} between 0 and ${t.askedMinor}`),
    check(
      "claim_line_paid_at_most_awarded",
      sql`${t.paidMinor} between 0 and coalesce(${t.awardedMinor}, ${t.askedMinor})`,
    ),
  ],
);

/** All that happened to a claim, append only. A call that is repeated finds what it did by its key. */
export const claimEvent = schema.table(
  "claim_event",
  {
    refundId: id("rfd", "refund_id")
      .notNull()
      .references(() => claim.refundId),
    version: integer("version").notNull(),
    event: text("event").$type<ClaimEvent>().notNull(),
    state: text("state").$type<ClaimState>().notNull(),
    role: text("role").$type<z.infer<typeof Role>>().notNull(),
    actorId: id("acc", "actor_id"),
    says: text("says").notNull().default(""),
    callKey: text("call_key").notNull(),
    /** The version of the order that it changed lines on. */
    orderVersion: integer("order_version"),
    at: createdAt("at"),
  },
  (t) => [
    primaryKey({ name: "claim_event_happened_once", columns: [t.refundId, t.version] }),
    unique("one_event_a_call").on(t.refundId, t.callKey),
    check("claim_event_known", oneOf(t.event, ClaimEvent.options)),
    check("claim_event_role_known", oneOf(t.role, Role.options)),
  ],
);

type Awards = ReadonlyArray<z.infer<typeof Award>>;

export const dispute = schema.table(
  "dispute",
  {
    disputeId: id("dsp", "dispute_id").primaryKey(),
    refundId: id("rfd", "refund_id")
      .notNull()
      .references(() => claim.refundId),
    orderId: id("ord", "order_id").notNull(),
    buyerId: id("acc", "buyer_id").notNull(),
    sellerId: id("acc", "seller_id").notNull(),
    state: text("state").$type<z.infer<typeof DisputeState>>().notNull().default("open"),
    verdict: text("verdict").$type<z.infer<typeof Verdict>>(),
    awards: jsonb("awards").$type<Awards>().notNull().default([]),
    note: text("note"),
    /** Null: nobody did, the time was over or the parties ended it. */
    decidedBy: id("acc", "decided_by"),
    callKey: text("call_key"),
    openedAt: createdAt("opened_at"),
    endedAt: at("ended_at"),
  },
  (t) => [
    unique("one_dispute_a_claim").on(t.refundId),
    index("disputes_of_buyer").on(t.buyerId, t.openedAt, t.disputeId),
    index("disputes_of_seller").on(t.sellerId, t.openedAt, t.disputeId),
    index("disputes_newest").on(t.openedAt, t.disputeId),
    check("dispute_state_known", oneOf(t.state, DisputeState.options)),
    check("dispute_verdict_known", oneOf(t.verdict, Verdict.options)),
    check("dispute_decided_has_verdict", sql`(${t.state} = 'decided') = (${t.verdict} is not null)`),
    check("dispute_over_has_end", sql`(${t.state} = 'open') = (${t.endedAt} is null)`),
  ],
);

export const disputeMessage = schema.table(
  "dispute_message",
  {
    messageId: id("msg", "message_id").primaryKey(),
    disputeId: id("dsp", "dispute_id")
      .notNull()
      .references(() => dispute.disputeId),
    authorId: id("acc", "author_id").notNull(),
    role: text("role").$type<z.infer<typeof Role>>().notNull(),
    says: text("says").notNull(),
    evidence: jsonb("evidence").$type<readonly string[]>().notNull(),
    at: createdAt("at"),
  },
  (t) => [
    index("messages_of_dispute").on(t.disputeId, t.at, t.messageId),
    check("dispute_message_role_known", oneOf(t.role, Role.options)),
  ],
);
