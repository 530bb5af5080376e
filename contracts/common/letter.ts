/** What the shop writes to people: every letter, and the facts it needs. The words are in `modules/common/mail/templates`. */
import { z } from "zod";
import { Email } from "../account/login.ts";
import { id } from "../_kit/id.ts";
import { Money } from "../_kit/money.ts";
import { Instant } from "../_kit/time.ts";
import { prose, text } from "../_kit/word.ts";

/** Names a letter: one business event, one key, one mail, however often it is asked for. */
export const MessageKey = text(120);

/** An account's own address, or one that stands somewhere else. */
export const Addressee = z.union([
  z.strictObject({ accountId: id("acc") }),
  z.strictObject({ email: Email }),
]);

const letter = <const T extends string, F extends z.ZodType>(template: T, data: F) =>
  z.strictObject({ messageKey: MessageKey, to: Addressee, template: z.literal(template), data });

const LetterItem = z.strictObject({ title: text(200), pieces: z.int().min(1).max(9_999) });
const items = z.array(LetterItem).min(1).max(100);
const reason = prose(2_000);
/** Where to look at it; without one the letter has no link. */
const link = z
  .string()
  .max(500)
  .regex(/^https?:\/\/[!-~]+$/)
  .optional();

const order = { orderId: id("ord"), link };
const claim = { ...order, refundId: id("rfd") };
const dispute = { ...order, disputeId: id("dsp") };
const purchase = { purchaseId: id("pur") };
const payout = { payoutId: id("pay"), amount: Money, link };

export const Letter = z.discriminatedUnion("template", [
  // To the buyer.
  letter("order_placed", z.strictObject({ ...order, items, total: Money })),
  letter("lines_confirmed", z.strictObject({ ...order, items })),
  letter("lines_rejected", z.strictObject({ ...order, items, reason })),
  letter("lines_cancelled", z.strictObject({ ...order, items, reason })),
  letter("parcel_shipped", z.strictObject({ ...order, items, carrier: text(80), trackingId: text(120) })),
  letter("parcel_delivered", z.strictObject({ ...order, items, claimUntil: Instant })),
  letter("parcel_lost", z.strictObject({ ...order, items, trackingId: text(120) })),
  letter("refund_paid", z.strictObject({ ...order, refundId: id("rfd").optional(), amount: Money })),
  // To the seller.
  letter("sale_received", z.strictObject({ ...order, items, total: Money, confirmUntil: Instant })),
  letter("confirm_reminder", z.strictObject({ ...order, items, confirmUntil: Instant })),
  letter("payout_sent", z.strictObject(payout)),
  letter("payout_failed", z.strictObject({ ...payout, reason })),
  letter("payout_waiting", z.strictObject({ ...payout, reason })),
  letter("purchase_untold", z.strictObject({ ...purchase, reason })),
  // To the one of the two who did not do it.
  letter("claim_opened", z.strictObject({ ...claim, amount: Money, reason, answerUntil: Instant })),
  letter("claim_answered", z.strictObject({ ...claim, answer: text(80), reason, until: Instant.optional() })),
  letter("claim_closed", z.strictObject({ ...claim, outcome: text(80), reason })),
  letter("dispute_opened", z.strictObject({ ...dispute, reason, verdictUntil: Instant })),
  letter("dispute_message", z.strictObject({ ...dispute, message: prose(4_000) })),
  letter(
    "dispute_decided",
    z.strictObject({ ...dispute, verdict: text(80), amount: Money.optional(), reason }),
  ),
  letter("chargeback_opened", z.strictObject({ ...order, amount: Money, reason, until: Instant.optional() })),
  letter("chargeback_closed", z.strictObject({ ...order, amount: Money, outcome: text(80) })),
  // To a supplier, and to ourselves.
  letter("supplier_reorder", z.strictObject({ skuId: id("sku"), available: z.int(), reorderPoint: z.int() })),
  letter("purchase_order", z.strictObject({ ...purchase, code: text(64), items, dueAt: Instant })),
  letter("purchase_overdue", z.strictObject({ ...purchase, items, dueAt: Instant })),
  letter("purchase_cancelled", z.strictObject(purchase)),
  letter("operator_alert", z.strictObject({ subject: text(120), message: prose(4_000), link })),
]);
export type Letter = z.infer<typeof Letter>;
export type MailTemplate = Letter["template"];

/** The letter of one template, e.g. `LetterOf<"order_placed">["data"]`. */
export type LetterOf<T extends MailTemplate> = Extract<Letter, { template: T }>;

export const MAIL_TEMPLATES: readonly MailTemplate[] = Letter.options.map(
  ({ shape }) => shape.template.value,
);
export const MailTemplate = z.enum(MAIL_TEMPLATES as [MailTemplate, ...MailTemplate[]]);
