/** What the gateway itself says of a checkout, asked with the shop's own key. */
import Stripe from "stripe";
import type { TestShop } from "./shop.ts";

type Asked = Pick<TestShop, "secretKey" | "sandbox" | "sql">;

export const gatewayClient = ({ secretKey, sandbox }: Pick<Asked, "secretKey" | "sandbox">): Stripe =>
  new Stripe(secretKey, { host: "127.0.0.1", port: sandbox.port, protocol: "http" });

/** How many payments were opened for a checkout, and what was kept of them: received less refunded, minor units. */
export const keptFor = async (
  shop: Asked,
  checkoutId: string,
): Promise<{ intents: number; kept: number }> => {
  const rows = await shop.sql<{ ref: string }[]>`
    select gateway_ref as ref from "order".charge where checkout_id = ${checkoutId} and gateway_ref is not null`;
  const stripe = gatewayClient(shop);
  let kept = 0;
  for (const { ref } of rows) {
    const intent = await stripe.paymentIntents.retrieve(ref);
    const refunds = await stripe.refunds.list({ payment_intent: ref });
    kept += intent.amount_received - refunds.data.reduce((sum, { amount }) => sum + amount, 0);
  }
  return { intents: rows.length, kept };
};
