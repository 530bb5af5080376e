/** Whom the shop's customers pay: the sandbox, unless the environment names a Stripe. */
import { join } from "node:path";
import { STRIPE_EVENTS } from "@shopnexus/contracts/order/charge";
import { type ChildPlan, startChild } from "#tools/dev/child.ts";
import { projectRoot } from "#tools/dev/project-root.ts";
import type { Site } from "#tools/dev/site.ts";
import { answers } from "./answers.ts";
import { portOf } from "./ports.ts";
import type { Secrets } from "./secrets.ts";

export type Gateway = {
  url: string;
  isEmulator: boolean;
  /** What a browser would pay with; undefined where a demonstration must not pay. */
  browserKey: string | undefined;
  /** The variables of the app that belong to it. */
  variables: Record<string, string>;
};

const STRIPE_URL = "https://api.stripe.com";

/** The gateway that the environment names; undefined when it names none. */
export const namedGateway = (environment: NodeJS.ProcessEnv): Gateway | undefined => {
  const { STRIPE_SECRET_KEY: key, STRIPE_API_URL: url, STRIPE_PUBLISHABLE_KEY: publishable } = environment;
  if (!key && !url) return undefined;
  // A test key may confirm too; with a live one nothing is bought for show.
  const testKey = [publishable, key].find((one) => one && /^(pk|sk|rk)_test_/.test(one));
  return { url: url || STRIPE_URL, isEmulator: false, browserKey: testKey, variables: {} };
};

/** Starts the sandbox as a process of its own; what was paid there survives in a file. */
export const startSandboxChild = async (
  site: Site,
  secrets: Secrets,
  webhookUrl: string,
): Promise<Gateway> => {
  const port = await portOf(site.dir, "sandbox");
  const variables = {
    STRIPE_SECRET_KEY: secrets.stripeSecretKey,
    STRIPE_WEBHOOK_SECRET: secrets.stripeWebhookSecret,
  };
  const url = `http://127.0.0.1:${port}`;
  const plan: ChildPlan = {
    name: "sandbox",
    command: process.execPath,
    args: [join(projectRoot, "tools/sandbox/main.ts")],
    env: {
      PATH: process.env["PATH"] ?? "",
      NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"] ?? "",
      ...variables,
      SANDBOX_PORT: String(port),
      SANDBOX_STORE: join(site.dir, "sandbox.sqlite"),
      WEBHOOK_URL: webhookUrl,
      WEBHOOK_EVENTS: STRIPE_EVENTS.join(),
    },
    cwd: projectRoot,
    ports: [port],
    quitSignal: "SIGTERM",
    isReady: () => answers(`${url}/sandbox/state`),
  };
  await startChild(site, plan);
  return {
    url,
    isEmulator: true,
    browserKey: "pk_test_browser",
    variables: { ...variables, STRIPE_API_URL: url },
  };
};
