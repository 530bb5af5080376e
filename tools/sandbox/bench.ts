import { Stripe } from "stripe";
import { startSandbox } from "./server.ts";

// How fast the emulator is through the real client: create and confirm, 16 in flight. Both ends share this process,
// so the figure is what the pair costs, not the most the emulator could do.
const IN_FLIGHT = 16;
const INTENTS = Number(process.argv[2] ?? 4_000);
const WARM_UP = 400;

const sandbox = await startSandbox({
  secretKey: "sk_test_bench",
  webhookSecret: "whsec_bench",
  store: process.argv[3],
});
const stripe = new Stripe("sk_test_bench", {
  host: "127.0.0.1",
  port: sandbox.port,
  protocol: "http",
  telemetry: false,
});

const pay = async (n: number): Promise<void> => {
  const intent = await stripe.paymentIntents.create(
    { amount: 1_000 + n, currency: "usd" },
    { idempotencyKey: `create-${n}` },
  );
  await stripe.paymentIntents.confirm(
    intent.id,
    { payment_method: "pm_card_visa" },
    { idempotencyKey: `confirm-${n}` },
  );
};

const payAll = async (from: number, to: number): Promise<number> => {
  let next = from;
  const startedAt = performance.now();
  const payer = async () => {
    while (next < to) await pay(next++);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, payer));
  return performance.now() - startedAt;
};

await payAll(0, WARM_UP);
const tookMs = await payAll(WARM_UP, WARM_UP + INTENTS);
const perSecond = Math.round((INTENTS * 1_000) / tookMs);
console.log(
  `${INTENTS} intents created and confirmed in ${Math.round(tookMs)} ms: ${perSecond} intents/s, ${perSecond * 2} requests/s`,
);
await sandbox.stop();
