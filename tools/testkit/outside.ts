/** The world outside a test shop: gateways, carriers, mail server and exchange rates, all of them played by one sandbox. */
import { type Sandbox, startSandbox } from "#tools/sandbox/server.ts";

export type Outside = {
  readonly sandbox: Sandbox;
  readonly secretKey: string;
  /** What the product has to know of it. */
  readonly variables: Readonly<Record<string, string>>;
  /** Says where the product listens for news. */
  aim(edgeUrl: string): void;
};

const SECRETS = {
  STRIPE_SECRET_KEY: "sk_test_sandbox_secret",
  STRIPE_WEBHOOK_SECRET: "whsec_test_sandbox",
  CARRIER_SECRET: "carrier_test_sandbox",
  VNPAY_TERMINAL_CODE: "TESTSHOP",
  VNPAY_HASH_SECRET: "vnpay_test_sandbox",
} as const;

/** Where a buyer's browser would go after paying. Nothing listens there. */
const RETURN_URL = "https://shop.example/paid";

/** A test that is not about carriage has totals that it can count on its fingers. */
const FREE_CARRIAGE = { baseMinor: 0, perKgMinor: 0 };

export const openOutside = async (): Promise<Outside> => {
  const sandbox = await startSandbox({
    secretKey: SECRETS.STRIPE_SECRET_KEY,
    webhookSecret: SECRETS.STRIPE_WEBHOOK_SECRET,
    carrier: { secret: SECRETS.CARRIER_SECRET, tariff: FREE_CARRIAGE },
    vnpay: { terminalCode: SECRETS.VNPAY_TERMINAL_CODE, hashSecret: SECRETS.VNPAY_HASH_SECRET },
  });
  return {
    sandbox,
    secretKey: SECRETS.STRIPE_SECRET_KEY,
    variables: {
      ...SECRETS,
      STRIPE_API_URL: sandbox.url,
      VNPAY_PAY_URL: sandbox.vnpay.payUrl,
      VNPAY_API_URL: sandbox.vnpay.apiUrl,
      VNPAY_RETURN_URL: RETURN_URL,
      CARRIER_API_URL: sandbox.carrier.apiUrl,
      SMTP_URL: sandbox.mail.url,
      EXCHANGE_API_URL: sandbox.rates.url,
    },
    aim: (edgeUrl) => {
      sandbox.setWebhookUrl(`${edgeUrl}/webhooks/stripe`);
      sandbox.vnpay.setIpnUrl(`${edgeUrl}/webhooks/vnpay`);
      sandbox.carrier.setWebhookUrl(`${edgeUrl}/webhooks/carrier`);
    },
  };
};
