import { methodNames } from "./money/methods.ts";
import type { Intent } from "./money/shapes.ts";
import type { World } from "./world.ts";

/** Says what this is before anyone takes it for something else. */
export const frontPage = (world: World): string =>
  page(
    "Stripe EMULATOR",
    `<p>This is an <strong>emulator</strong> of a part of the Stripe API, for development, tests and benchmarks.
It is not Stripe and it takes nobody's money. It listens at <code>${escape(world.url)}</code>.</p>
<p>Look at <a href="/sandbox/state">state</a>, <a href="/sandbox/deliveries">deliveries</a>,
<a href="/sandbox/faults">faults</a>, <a href="/sandbox/vnpay/payments">VNPay payments</a>.</p>
<p>Test payment methods: ${methodNames()
      .map((name) => `<code>${name}</code>`)
      .join(", ")}.</p>`,
  );

/** Where a payer proves to be the payer: here, by a button. */
export const challengePage = (intent: Intent): string =>
  page(
    "Bank challenge (EMULATOR)",
    `<p>Payment <code>${escape(intent.id)}</code>: ${intent.amount} ${escape(intent.currency)} in minor units,
now <code>${intent.status}</code>.</p>
<form method="post">
<button name="success" value="true">Approve</button>
<button name="success" value="false">Refuse</button>
</form>`,
  );

export const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title></head><body><h1>${title}</h1>${body}</body></html>`;

export const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
