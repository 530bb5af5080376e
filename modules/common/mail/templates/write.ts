/** Every letter by its template; leaving one out, or one that needs other facts than its page says, does not compile. */
import type { Letter, MailTemplate } from "@shopnexus/contracts/common/letter";
import type { Draft, Template } from "./_kit/draft.ts";
import { type Bodies, render } from "./_kit/render.ts";
import { linesCancelled } from "./buyer/lines-cancelled.ts";
import { linesConfirmed } from "./buyer/lines-confirmed.ts";
import { linesRejected } from "./buyer/lines-rejected.ts";
import { orderPlaced } from "./buyer/order-placed.ts";
import { parcelDelivered } from "./buyer/parcel-delivered.ts";
import { parcelLost } from "./buyer/parcel-lost.ts";
import { parcelShipped } from "./buyer/parcel-shipped.ts";
import { refundPaid } from "./buyer/refund-paid.ts";
import { chargebackClosed } from "./either/chargeback-closed.ts";
import { chargebackOpened } from "./either/chargeback-opened.ts";
import { claimAnswered } from "./either/claim-answered.ts";
import { claimClosed } from "./either/claim-closed.ts";
import { claimOpened } from "./either/claim-opened.ts";
import { disputeDecided } from "./either/dispute-decided.ts";
import { disputeMessage } from "./either/dispute-message.ts";
import { disputeOpened } from "./either/dispute-opened.ts";
import { operatorAlert } from "./house/operator-alert.ts";
import { purchaseCancelled } from "./house/purchase-cancelled.ts";
import { purchaseOrder } from "./house/purchase-order.ts";
import { purchaseOverdue } from "./house/purchase-overdue.ts";
import { supplierReorder } from "./house/supplier-reorder.ts";
import { confirmReminder } from "./seller/confirm-reminder.ts";
import { payoutFailed } from "./seller/payout-failed.ts";
import { payoutSent } from "./seller/payout-sent.ts";
import { payoutWaiting } from "./seller/payout-waiting.ts";
import { purchaseUntold } from "./seller/purchase-untold.ts";
import { saleReceived } from "./seller/sale-received.ts";

const TEMPLATES: { readonly [T in MailTemplate]: Template<T> } = {
  order_placed: orderPlaced,
  lines_confirmed: linesConfirmed,
  lines_rejected: linesRejected,
  lines_cancelled: linesCancelled,
  parcel_shipped: parcelShipped,
  parcel_delivered: parcelDelivered,
  parcel_lost: parcelLost,
  refund_paid: refundPaid,
  sale_received: saleReceived,
  confirm_reminder: confirmReminder,
  payout_sent: payoutSent,
  payout_failed: payoutFailed,
  payout_waiting: payoutWaiting,
  purchase_untold: purchaseUntold,
  claim_opened: claimOpened,
  claim_answered: claimAnswered,
  claim_closed: claimClosed,
  dispute_opened: disputeOpened,
  dispute_message: disputeMessage,
  dispute_decided: disputeDecided,
  chargeback_opened: chargebackOpened,
  chargeback_closed: chargebackClosed,
  supplier_reorder: supplierReorder,
  purchase_order: purchaseOrder,
  purchase_overdue: purchaseOverdue,
  purchase_cancelled: purchaseCancelled,
  operator_alert: operatorAlert,
};

/** The letter as it is sent. */
export const write = ({ template, data }: Pick<Letter, "template" | "data">): Bodies => {
  const draft = TEMPLATES[template] as (facts: unknown) => Draft;
  return render(draft(data));
};
