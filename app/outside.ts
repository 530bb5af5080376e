/** What a deployment says of the world outside: gateways, carriers, mail, rates, and how long people may be silent. */
import { DAY_MS, MINUTE_MS } from "@shopnexus/contracts/kit/time";
import { z } from "zod";
import { DEADLINES, type DeadlineName, type Deadlines } from "#modules/_kit/deadlines.ts";
import type { Settings, StripeSettings } from "#modules/_kit/settings.ts";
import { isAllowanceEntry } from "#modules/_kit/way-out/addresses.ts";
import { ConfigError } from "./config-error.ts";
import { secret, units, url } from "./variables.ts";

export const ACCESS_MS = 10 * MINUTE_MS;
export const REFRESH_MS = 30 * DAY_MS;

const isDeadline = (name: string): name is DeadlineName => Object.hasOwn(DEADLINES, name);

/** `escrowMs=1000,claimMs=5000`: those that differ from the defaults, in milliseconds. */
const deadlines = z.string().transform((text, context): Deadlines => {
  const given = text.split(",").map((part) => part.trim().split("="));
  const wrong = given.filter(([name = "", ms = ""]) => !isDeadline(name) || !/^[1-9][0-9]{0,12}$/.test(ms));
  if (wrong.length > 0) {
    const names = Object.keys(DEADLINES).join(", ");
    context.addIssue(
      `must be name=milliseconds, with commas between: ${wrong.map((part) => part.join("=")).join(", ")}. The names are ${names}`,
    );
    return z.NEVER;
  }
  return { ...DEADLINES, ...Object.fromEntries(given.map(([name, ms]) => [name, Number(ms)])) };
});

/** `127.0.0.1,10.0.0.0/8,erp.internal`. */
const allowance = z.string().transform((text, context): string[] => {
  const entries = text.split(",").map((entry) => entry.trim().toLowerCase());
  const wrong = entries.filter((entry) => !isAllowanceEntry(entry));
  if (wrong.length === 0) return entries;
  context.addIssue(`must be host names, addresses or ranges, with commas between: ${wrong.join(", ")}`);
  return z.NEVER;
});

export const OUTSIDE = {
  STRIPE_SECRET_KEY: secret.optional(),
  STRIPE_WEBHOOK_SECRET: secret.optional(),
  STRIPE_API_URL: url("http:", "https:").optional(),
  STRIPE_CAPTURE: z.enum(["automatic", "manual"], "must be automatic or manual").default("automatic"),
  VNPAY_TERMINAL_CODE: z.string().min(1).optional(),
  VNPAY_HASH_SECRET: secret.optional(),
  VNPAY_PAY_URL: url("http:", "https:").optional(),
  VNPAY_API_URL: url("http:", "https:").optional(),
  VNPAY_RETURN_URL: url("http:", "https:").optional(),
  CARRIER_API_URL: url("http:", "https:").optional(),
  CARRIER_SECRET: secret.optional(),
  SMTP_URL: url("smtp:", "smtps:").optional(),
  MAIL_FROM: z.string().min(3).default("ShopNexus <shop@localhost>"),
  MAIL_OPERATORS: z.email("must be a mail address").optional(),
  EXCHANGE_API_URL: url("http:", "https:").optional(),
  OUTGOING_ALLOW: allowance.optional(),
  PAYOUT_MINIMUM_UNITS: units.default(10),
  PAYOUT_APPROVAL_UNITS: units.default(1_000),
  DEADLINES: deadlines.default(DEADLINES),
} as const;

const Outside = z.object({ ...OUTSIDE, AUTH_PRIVATE_JWK: z.string(), AUTH_ISSUER: z.string() });
type Read = z.output<typeof Outside>;

export const settingsOf = (read: Read): Settings => {
  const [stripe, vnpay, carrier] = [stripeOf(read), vnpayOf(read), carrierOf(read)];
  return {
    auth: {
      privateJwk: read.AUTH_PRIVATE_JWK,
      issuer: read.AUTH_ISSUER,
      accessMs: ACCESS_MS,
      refreshMs: REFRESH_MS,
    },
    deadlines: read.DEADLINES,
    payouts: { minimumUnits: read.PAYOUT_MINIMUM_UNITS, approvalUnits: read.PAYOUT_APPROVAL_UNITS },
    ...(stripe && { stripe }),
    ...(vnpay && { vnpay }),
    ...(carrier && { carrier }),
    ...(read.SMTP_URL !== undefined && { mail: mailOf(read, read.SMTP_URL) }),
    ...(read.EXCHANGE_API_URL !== undefined && { exchange: { apiUrl: read.EXCHANGE_API_URL } }),
    ...(read.OUTGOING_ALLOW !== undefined && { wayOut: { allow: read.OUTGOING_ALLOW } }),
  };
};

/** Variables that only mean something together: all of them, none of them, or a sentence about the first that is missing. */
const together = <K extends keyof Read>(
  read: Read,
  names: readonly K[],
): { [N in K]: NonNullable<Read[N]> } | undefined => {
  const set = names.filter((name) => read[name] !== undefined);
  if (set.length === 0) return undefined;
  const missing = names.find((name) => read[name] === undefined);
  if (missing !== undefined) throw new ConfigError(`${missing} is missing, while ${set[0]} is set.`);
  return read as { [N in K]: NonNullable<Read[N]> };
};

const stripeOf = (read: Read): StripeSettings | undefined => {
  const keys = together(read, ["STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"]);
  if (keys === undefined) return undefined;
  const api = read.STRIPE_API_URL;
  return {
    secretKey: keys.STRIPE_SECRET_KEY,
    webhookSecret: keys.STRIPE_WEBHOOK_SECRET,
    capture: read.STRIPE_CAPTURE,
    ...(api !== undefined && { endpoint: endpointOf(api) }),
  };
};

const endpointOf = (api: string): NonNullable<StripeSettings["endpoint"]> => {
  const { protocol, hostname, port } = new URL(api);
  const scheme = protocol === "https:" ? "https" : "http";
  return { protocol: scheme, host: hostname, port: Number(port || (scheme === "https" ? 443 : 80)) };
};

const vnpayOf = (read: Read): Settings["vnpay"] => {
  const set = together(read, [
    "VNPAY_TERMINAL_CODE",
    "VNPAY_HASH_SECRET",
    "VNPAY_PAY_URL",
    "VNPAY_API_URL",
    "VNPAY_RETURN_URL",
  ]);
  return (
    set && {
      terminalCode: set.VNPAY_TERMINAL_CODE,
      hashSecret: set.VNPAY_HASH_SECRET,
      payUrl: set.VNPAY_PAY_URL,
      apiUrl: set.VNPAY_API_URL,
      returnUrl: set.VNPAY_RETURN_URL,
    }
  );
};

const mailOf = ({ MAIL_FROM: from, MAIL_OPERATORS: operators }: Read, smtpUrl: string) => ({
  smtpUrl,
  from,
  ...(operators !== undefined && { operators }),
});

const carrierOf = (read: Read): Settings["carrier"] => {
  const set = together(read, ["CARRIER_API_URL", "CARRIER_SECRET"]);
  return set && { apiUrl: set.CARRIER_API_URL, secret: set.CARRIER_SECRET };
};
