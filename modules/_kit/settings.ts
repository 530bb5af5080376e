/** What a module may know of its surroundings. The host reads it from the environment, once. */
import type { Deadlines } from "./deadlines.ts";

export type StripeSettings = {
  readonly secretKey: string;
  readonly webhookSecret: string;
  /** Where the API is; Stripe's own when absent. */
  readonly endpoint?: { readonly protocol: "http" | "https"; readonly host: string; readonly port: number };
  /** manual: the payment is authorised when the buyer pays, and captured when the sale is certain. */
  readonly capture?: "automatic" | "manual";
};

export type VnpaySettings = {
  readonly terminalCode: string;
  readonly hashSecret: string;
  /** The page that the buyer is sent to. */
  readonly payUrl: string;
  /** Where payments are asked after and given back. */
  readonly apiUrl: string;
  /** Where the buyer's browser goes afterwards; nothing it carries is believed. */
  readonly returnUrl: string;
};

/** One API that speaks for many carriers. */
export type CarrierSettings = { readonly apiUrl: string; readonly secret: string };

export type MailSettings = {
  readonly smtpUrl: string;
  readonly from: string;
  /** Where operators read what waits for them; nobody is written to when absent. */
  readonly operators?: string;
};

export type ExchangeSettings = { readonly apiUrl: string };

/** Where calls to addresses that users named may go, beyond the public internet: host names, addresses, ranges. */
export type WayOutSettings = { readonly allow: readonly string[] };

/** In whole units of any currency. */
export type PayoutSettings = { readonly minimumUnits: number; readonly approvalUnits: number };

export type AuthSettings = {
  /** Ed25519, JWK in JSON. Signs access tokens and module tokens. */
  readonly privateJwk: string;
  readonly issuer: string;
  readonly accessMs: number;
  readonly refreshMs: number;
};

export type Settings = {
  readonly auth: AuthSettings;
  /** How long each party may be silent; the defaults unless a deployment says otherwise. */
  readonly deadlines: Deadlines;
  readonly payouts: PayoutSettings;
  /** Absent when no key is set: charges at Stripe are then faults. The same holds for the others. */
  readonly stripe?: StripeSettings;
  readonly vnpay?: VnpaySettings;
  readonly carrier?: CarrierSettings;
  readonly mail?: MailSettings;
  readonly exchange?: ExchangeSettings;
  readonly wayOut?: WayOutSettings;
};
