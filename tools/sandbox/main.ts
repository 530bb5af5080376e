import { startSandbox } from "./server.ts";

// The sandbox as a process of its own. It has no defaults for secrets: a guess would only hide a wrong setting.
const need = (name: string): string => {
  const value = process.env[name];
  if (value) return value;
  console.error(`sandbox: set ${name} (any test value; the shop must have the same one)`);
  return process.exit(1);
};

const { CARRIER_SECRET, CARRIER_WEBHOOK_URL, CARRIER_AUTO_MS, SMTP_PORT } = process.env;

// These two together, or nobody can pay by VNPay.
const { VNPAY_TERMINAL_CODE: terminalCode, VNPAY_HASH_SECRET: hashSecret } = process.env;
const vnpay =
  terminalCode && hashSecret ? { terminalCode, hashSecret, ipnUrl: process.env["VNPAY_IPN_URL"] } : undefined;

const sandbox = await startSandbox({
  port: Number(process.env["SANDBOX_PORT"] ?? 0),
  hostname: process.env["SANDBOX_HOST"],
  secretKey: need("STRIPE_SECRET_KEY"),
  webhookSecret: need("STRIPE_WEBHOOK_SECRET"),
  webhookUrl: process.env["WEBHOOK_URL"],
  webhookEvents: process.env["WEBHOOK_EVENTS"]?.split(","),
  store: process.env["SANDBOX_STORE"],
  seed: Number(process.env["SANDBOX_SEED"] ?? 1),
  vnpay,
  carrier: {
    // Without a secret nobody can call the carriers: a random one is drawn.
    secret: CARRIER_SECRET || undefined,
    webhookUrl: CARRIER_WEBHOOK_URL || undefined,
    autoMs: CARRIER_AUTO_MS ? Number(CARRIER_AUTO_MS) : null,
  },
  mail: { port: Number(SMTP_PORT ?? 0) },
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void sandbox.stop().then(() => process.exit(0)));
}

console.log(`sandbox: Stripe EMULATOR ready at ${sandbox.url}`);
