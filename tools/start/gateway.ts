/** Whom the shop's customers pay. */
export type Gateway = {
  url: string;
  isEmulator: boolean;
  /** What a browser would pay with; undefined where a demonstration must not pay. */
  browserKey: string | undefined;
};

const STRIPE_URL = "https://api.stripe.com";

/** The gateway that the environment names; undefined when it names none. */
export const namedGateway = (environment: NodeJS.ProcessEnv): Gateway | undefined => {
  const { STRIPE_SECRET_KEY: key, STRIPE_API_URL: url, STRIPE_PUBLISHABLE_KEY: publishable } = environment;
  if (!key && !url) return undefined;
  // A test key may confirm too; with a live one nothing is bought for show.
  const testKey = [publishable, key].find((one) => one && /^(pk|sk|rk)_test_/.test(one));
  return { url: url || STRIPE_URL, isEmulator: false, browserKey: testKey };
};
