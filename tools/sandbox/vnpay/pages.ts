import { escape, page } from "../pages.ts";
import type { PageRefusal } from "./open.ts";
import type { Payment } from "./shapes.ts";

const TITLE = "VNPay EMULATOR";

/** Where a payer pays: here, by a button. */
export const payPage = ({ id, amount, asked }: Payment): string =>
  page(
    TITLE,
    `<p>${escape(asked["vnp_OrderInfo"] ?? "")}</p>
<p>Payment <code>${escape(id)}</code>: ${amount / 100} VND. This is an emulator: nobody's money moves.</p>
<form method="post" action="/vnpay/paymentv2/pay">
<input type="hidden" name="txnRef" value="${escape(id)}">
<button name="outcome" value="00">Pay</button>
<button name="outcome" value="51">Pay from an empty account</button>
<button name="outcome" value="24">Cancel</button>
</form>`,
  );

export const errorPage = ({ code, message }: PageRefusal): string =>
  page(TITLE, `<p>Error <code>${code}</code>: ${escape(message)}</p>`);
