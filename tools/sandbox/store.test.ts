import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openEndpoint, openStage, until } from "./stage.ts";
import type { State } from "./totals.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sandbox-"));
});
afterAll(() => rm(folder, { recursive: true }));

const order = { amount: 1_000, currency: "usd", confirm: true, payment_method: "pm_card_visa" };

test("a store file: money, keys, events and what is on its way outlive a restart", async () => {
  const store = join(folder, "restart.sqlite");
  const first = await openStage({ store, webhookUrl: "http://127.0.0.1:9/down" });
  const intent = await first.stripe.paymentIntents.create(order, { idempotencyKey: "order-1" });
  await first.stripe.refunds.create({ payment_intent: intent.id, amount: 100 });
  const events = await first.stripe.events.list();
  await first[Symbol.asyncDispose]();

  await using endpoint = await openEndpoint();
  await using second = await openStage({ store, webhookUrl: endpoint.url });
  const replayed = await second.stripe.paymentIntents.create(order, { idempotencyKey: "order-1" });
  expect(replayed).toEqual(intent);
  expect((await second.stripe.events.list()).data).toEqual(events.data);
  expect(await second.control<State>("GET /sandbox/state")).toMatchObject({ net: { usd: 900 } });
  await until(() => endpoint.received.length === 5);
});

test("reset: the file is empty too", async () => {
  const store = join(folder, "reset.sqlite");
  const first = await openStage({ store });
  await first.stripe.paymentIntents.create(order);
  await first.control("POST /sandbox/reset");
  await first[Symbol.asyncDispose]();
  await using second = await openStage({ store });
  expect((await second.control<State>("GET /sandbox/state")).intents).toEqual({});
});

test("main: the process says in one line that it is ready, and ends when asked", async () => {
  const env = { ...process.env, STRIPE_SECRET_KEY: "sk_test_main", STRIPE_WEBHOOK_SECRET: "whsec_main" };
  const child = spawn(process.execPath, [join(import.meta.dirname, "main.ts")], { env });
  const ended = once(child, "exit");
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  expect(String(line)).toMatch(/^sandbox: Stripe EMULATOR ready at http:\/\/127\.0\.0\.1:\d+\n$/);
  child.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
});
