/** A database, the gateway's sandbox and the real client to it: where charges are opened, paid and called off. */
import { freshId } from "@shopnexus/contracts/kit/id";
import type { ChargeOrder } from "@shopnexus/contracts/order/payment";
import { checkout } from "#db/order/tables.ts";
import type { StepScene } from "#modules/_kit/handler.ts";
import { openStage, SECRET_KEY, type Stage, WEBHOOK_SECRET } from "#tools/sandbox/stage.ts";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asModule, sceneOf } from "#tools/testkit/scene.ts";
import { testSettings } from "#tools/testkit/settings.ts";
import { findCharge } from "../rows.ts";

/** What the sandbox forgets nothing of: one intent of a charge, and what came in and went back. */
type Money = { status: string; received: number; refunded: number; refunds: number };

export type ChargeStage = {
  readonly database: TestDatabase;
  readonly gateway: Stage;
  scene(): StepScene;
  /** Makes the checkout that a charge is for, part of which the buyer's wallet pays. */
  claim(order: ChargeOrder, walletMinor?: number): Promise<void>;
  /** Pays an intent as a payer would; the amount and metadata may be tampered with before that. */
  pay(ref: string | null | undefined, method?: string): Promise<void>;
  /** Every intent that names this charge. */
  intentsOf(chargeId: string): Promise<Money[]>;
  row(chargeId: string): ReturnType<typeof findCharge>;
  /** What the timeline says of a checkout, oldest first. */
  told(checkoutId: string): Promise<string[]>;
  close(): Promise<void>;
};

/** At VNPay: dong, which have no decimals. */
export const newDongOrder = (minor = 250_000): ChargeOrder => ({
  ...newOrder(minor, "VND"),
  gateway: "vnpay",
});

export const newOrder = (minor = 2_500, currency = "USD"): ChargeOrder => ({
  chargeId: freshId("chg"),
  checkoutId: freshId("chk"),
  gateway: "stripe",
  amount: { minor, currency },
});

const VNPAY = { terminalCode: "TESTSHOP", hashSecret: "vnpay_test_stage" };

export const openChargeStage = async (
  capture: "automatic" | "manual" = "automatic",
): Promise<ChargeStage> => {
  const database = await testDatabase("order");
  const gateway = await openStage({ vnpay: VNPAY });
  const { stripe, sandbox } = gateway;
  const endpoint = { protocol: "http", host: "127.0.0.1", port: sandbox.port } as const;
  const settings = {
    ...testSettings,
    stripe: { secretKey: SECRET_KEY, webhookSecret: WEBHOOK_SECRET, endpoint, capture },
    vnpay: {
      ...VNPAY,
      payUrl: sandbox.vnpay.payUrl,
      apiUrl: sandbox.vnpay.apiUrl,
      returnUrl: "https://shop.example/paid",
    },
  };
  const moneyOf = async (ref: string, status: string, received: number): Promise<Money> => {
    const refunds = await stripe.refunds.list({ payment_intent: ref });
    const refunded = refunds.data.reduce((total, { amount }) => total + amount, 0);
    return { status, received, refunded, refunds: refunds.data.length };
  };
  return {
    database,
    gateway,
    scene: () => sceneOf(database.db, asModule("order"), { settings }),
    claim: async ({ checkoutId, amount }, walletMinor = 0) => {
      const totalMinor = amount.minor + walletMinor;
      const row = { checkoutId, accountId: freshId("acc"), attemptId: checkoutId, basketHash: "none" };
      await database.db.insert(checkout).values({ ...row, totalMinor, walletMinor });
    },
    pay: async (ref, method = "pm_card_visa") => {
      await stripe.paymentIntents.confirm(ref ?? "", {
        payment_method: method,
        return_url: "https://shop.example/return",
      });
    },
    intentsOf: async (chargeId) => {
      const own = [];
      for await (const intent of stripe.paymentIntents.list({ limit: 100 })) {
        if (intent.metadata["charge_id"] === chargeId) own.push(intent);
      }
      return Promise.all(own.map(({ id, status, amount_received }) => moneyOf(id, status, amount_received)));
    },
    row: (chargeId) => findCharge(database.db, chargeId),
    told: async (checkoutId) => {
      const rows = await database.db.execute<{ what: string }>(
        `select what from "order".timeline where checkout_id = '${checkoutId}' order by entry`,
      );
      return [...rows].map(({ what }) => what);
    },
    close: async () => {
      await gateway[Symbol.asyncDispose]();
      await database.close();
    },
  };
};
