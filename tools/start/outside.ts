/** The world outside the shop: what the environment names of it, and the sandbox for the rest. */
import { join } from "node:path";
import { STRIPE_EVENTS } from "@shopnexus/contracts/order/payment";
import { SECOND_MS } from "@shopnexus/contracts/kit/time";
import { type ChildPlan, startChild } from "#tools/dev/child.ts";
import { projectRoot } from "#tools/dev/project-root.ts";
import type { Site } from "#tools/dev/site.ts";
import { answers } from "./answers.ts";
import { type Gateway, namedGateway } from "./gateway.ts";
import { portOf } from "./ports.ts";
import type { Secrets } from "./secrets.ts";

export type Outside = {
  gateway: Gateway;
  /** Where people read what the shop mailed; undefined where the mail server is somebody else's. */
  mailsUrl: string | undefined;
  /** The variables of the app that belong to it. */
  variables: Record<string, string>;
};

/** Each stop of a parcel takes so long: a person can watch it, and need not wait. */
const PARCEL_STOP_MS = 3 * SECOND_MS;

/** Half of a pair counts too: the shop says then which half is missing. */
const isNamed = (...names: readonly string[]): boolean => names.some((name) => process.env[name]);

export const openOutside = async (site: Site, secrets: Secrets, edgeUrl: string): Promise<Outside> => {
  const named = namedGateway(process.env);
  const hasCarriers = isNamed("CARRIER_API_URL", "CARRIER_SECRET");
  const [hasMail, hasRates] = [isNamed("SMTP_URL"), isNamed("EXCHANGE_API_URL")];
  if (named !== undefined && hasCarriers && hasMail && hasRates)
    return { gateway: named, mailsUrl: undefined, variables: {} };
  const { url, smtpUrl } = await startSandboxChild(site, secrets, edgeUrl);
  const variables = {
    ...(named === undefined && tillsAt(url, secrets, edgeUrl)),
    ...(!hasCarriers && { CARRIER_API_URL: `${url}/carrier/v1`, CARRIER_SECRET: secrets.carrierSecret }),
    ...(!hasMail && { SMTP_URL: smtpUrl }),
    ...(!hasRates && { EXCHANGE_API_URL: url }),
    // Suppliers' systems are played by the sandbox, which is on this machine.
    ...(!isNamed("OUTGOING_ALLOW") && { OUTGOING_ALLOW: "127.0.0.1" }),
  };
  const gateway = named ?? { url, isEmulator: true, browserKey: "pk_test_browser" };
  return { gateway, mailsUrl: hasMail ? undefined : `${url}/mails`, variables };
};

/** Ways to pay with nobody's money: all of them, or none beside a gateway that takes somebody's. */
const tillsAt = (url: string, secrets: Secrets, edgeUrl: string): Record<string, string> => ({
  ...stripeSecrets(secrets),
  STRIPE_API_URL: url,
  ...(!isNamed("VNPAY_TERMINAL_CODE", "VNPAY_API_URL") && {
    ...vnpaySecrets(secrets),
    VNPAY_PAY_URL: `${url}/vnpay/paymentv2/vpcpay.html`,
    VNPAY_API_URL: `${url}/vnpay/merchant_webapi/api/transaction`,
    // There is no page of a shop to come back to.
    VNPAY_RETURN_URL: process.env["VNPAY_RETURN_URL"] || `${edgeUrl}/reference`,
  }),
});

const stripeSecrets = (secrets: Secrets) => ({
  STRIPE_SECRET_KEY: secrets.stripeSecretKey,
  STRIPE_WEBHOOK_SECRET: secrets.stripeWebhookSecret,
});

const vnpaySecrets = (secrets: Secrets) => ({
  VNPAY_TERMINAL_CODE: "SHOPNEXS",
  VNPAY_HASH_SECRET: secrets.vnpayHashSecret,
});

/** Starts the sandbox as a process of its own; what was paid and booked there survives in a file. */
const startSandboxChild = async (site: Site, secrets: Secrets, edgeUrl: string) => {
  const port = await portOf(site.dir, "sandbox");
  const smtpPort = await portOf(site.dir, "smtp");
  const url = `http://127.0.0.1:${port}`;
  const plan: ChildPlan = {
    name: "sandbox",
    command: process.execPath,
    args: [join(projectRoot, "tools/sandbox/main.ts")],
    env: {
      PATH: process.env["PATH"] ?? "",
      NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"] ?? "",
      ...stripeSecrets(secrets),
      SANDBOX_PORT: String(port),
      SANDBOX_STORE: join(site.dir, "sandbox.sqlite"),
      WEBHOOK_URL: `${edgeUrl}/webhooks/stripe`,
      WEBHOOK_EVENTS: STRIPE_EVENTS.join(),
      ...vnpaySecrets(secrets),
      VNPAY_IPN_URL: `${edgeUrl}/webhooks/vnpay`,
      CARRIER_SECRET: secrets.carrierSecret,
      CARRIER_WEBHOOK_URL: `${edgeUrl}/webhooks/carrier`,
      CARRIER_AUTO_MS: String(PARCEL_STOP_MS),
      SMTP_PORT: String(smtpPort),
    },
    cwd: projectRoot,
    ports: [port, smtpPort],
    quitSignal: "SIGTERM",
    isReady: () => answers(`${url}/sandbox/state`),
  };
  await startChild(site, plan);
  return { url, smtpUrl: `smtp://127.0.0.1:${smtpPort}` };
};
