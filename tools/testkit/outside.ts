/** The world outside a test shop: gateway, carriers, mail server and exchange rates, all of them played by one sandbox. */
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
} as const;

/** A test that is not about carriage has totals that it can count on its fingers. */
const FREE_CARRIAGE = { baseMinor: 0, perKgMinor: 0 };

export const openOutside = async (): Promise<Outside> => {
  const sandbox = await startSandbox({
    secretKey: SECRETS.STRIPE_SECRET_KEY,
    webhookSecret: SECRETS.STRIPE_WEBHOOK_SECRET,
    carrier: { secret: SECRETS.CARRIER_SECRET, tariff: FREE_CARRIAGE },
  });
  return {
    sandbox,
    secretKey: SECRETS.STRIPE_SECRET_KEY,
    variables: {
      ...SECRETS,
      STRIPE_API_URL: sandbox.url,
      CARRIER_API_URL: sandbox.carrier.apiUrl,
      SMTP_URL: sandbox.mail.url,
      EXCHANGE_API_URL: sandbox.rates.url,
    },
    aim: (edgeUrl) => {
      sandbox.setWebhookUrl(`${edgeUrl}/webhooks/stripe`);
      sandbox.carrier.setWebhookUrl(`${edgeUrl}/webhooks/carrier`);
    },
  };
};
