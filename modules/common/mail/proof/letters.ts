/** One letter of each template, for the tests: a new template without one does not compile. */
import { Letter, type LetterOf, type MailTemplate } from "@shopnexus/contracts/common/letter";
import { freshId } from "@shopnexus/contracts/kit/id";

const orderId = freshId("ord");
const order = { orderId, link: "https://shop.example/orders/1?a=1&b=2" };
const items = [{ title: "A thing", pieces: 2 }];
const total = { minor: 123_450, currency: "EUR" };
const at = "2026-03-01T12:30:00.000Z";
const claim = { ...order, refundId: freshId("rfd") };
const dispute = { ...order, disputeId: freshId("dsp") };
const payout = { payoutId: freshId("pay"), amount: total };
const purchase = { purchaseId: freshId("pur") };
const reason = "Nobody knows why.";

const FACTS: { readonly [T in MailTemplate]: LetterOf<T>["data"] } = {
  order_placed: { ...order, items, total },
  lines_confirmed: { ...order, items },
  lines_rejected: { ...order, items, reason },
  lines_cancelled: { ...order, items, reason },
  parcel_shipped: { ...order, items, carrier: "Swift", trackingId: "SW1" },
  parcel_delivered: { ...order, items, claimUntil: at },
  parcel_lost: { ...order, items, trackingId: "SW1" },
  refund_paid: { ...claim, amount: total },
  sale_received: { ...order, items, total, confirmUntil: at },
  confirm_reminder: { ...order, items, confirmUntil: at },
  payout_sent: payout,
  payout_failed: { ...payout, reason },
  payout_waiting: { ...payout, reason },
  claim_opened: { ...claim, amount: total, reason, answerUntil: at },
  claim_answered: { ...claim, answer: "accepted", reason, until: at },
  claim_closed: { ...claim, outcome: "paid", reason },
  dispute_opened: { ...dispute, reason, verdictUntil: at },
  dispute_message: { ...dispute, message: "Hello.\nIs anybody there?" },
  dispute_decided: { ...dispute, verdict: "partial", amount: total, reason },
  chargeback_opened: { ...order, amount: total, reason, until: at },
  chargeback_closed: { ...order, amount: total, outcome: "won" },
  supplier_reorder: { skuId: freshId("sku"), available: 1, reorderPoint: 4 },
  purchase_order: { ...purchase, code: "0123456789abcdef", items, dueAt: at },
  purchase_overdue: { ...purchase, items, dueAt: at },
  purchase_cancelled: purchase,
  purchase_untold: { ...purchase, reason },
  operator_alert: { subject: "Something is odd", message: "Look.", link: "https://shop.example/odd" },
};

export const letterOf = <T extends MailTemplate>(
  template: T,
  facts: Partial<LetterOf<T>["data"]> = {},
  messageKey: string = freshId("evt"),
): Letter =>
  Letter.parse({
    messageKey,
    to: { email: "some@body.example" },
    template,
    data: { ...FACTS[template], ...facts },
  });
