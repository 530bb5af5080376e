/** What a module may know of its surroundings. The host reads it from the environment, once. */
export type StripeSettings = {
  readonly secretKey: string;
  readonly webhookSecret: string;
  /** Where the API is; Stripe's own when absent. */
  readonly endpoint?: { readonly protocol: "http" | "https"; readonly host: string; readonly port: number };
};

export type AuthSettings = {
  /** Ed25519, JWK in JSON. Signs access tokens and module tokens. */
  readonly privateJwk: string;
  readonly issuer: string;
  readonly accessMs: number;
  readonly refreshMs: number;
};

export type Settings = {
  readonly auth: AuthSettings;
  /** Absent when no key is set: charges at Stripe are then refused. */
  readonly stripe?: StripeSettings;
};
