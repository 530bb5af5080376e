/** A database, the provider's sandbox and the real client to it: where payouts are claimed, sent and given back. */
import { freshId } from "@shopnexus/contracts/kit/id";
import type { PayoutView } from "@shopnexus/contracts/order/payout";
import { bankAccount } from "#db/order/payouts.ts";
import type { StepScene } from "#modules/_kit/handler.ts";
import { openStage, SECRET_KEY, type Stage, WEBHOOK_SECRET } from "#tools/sandbox/stage.ts";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asModule, sceneOf } from "#tools/testkit/scene.ts";
import { testSettings } from "#tools/testkit/settings.ts";
import { advance } from "../advance.ts";
import { claim } from "../claim.ts";
import { findPayout } from "../rows.ts";

export type TransferStage = {
  readonly database: TestDatabase;
  readonly provider: Stage;
  scene(rest?: Partial<StepScene>): StepScene;
  /** An account with a bank behind it. */
  seller(currency?: string): Promise<{ accountId: string; destination: string }>;
  /** A payout of so much, claimed; by whom a seller is made when absent. */
  claimed(minor: number, accountId?: string): Promise<PayoutView>;
  /** And cleared. */
  cleared(minor: number): Promise<PayoutView>;
  row(payoutId: string): ReturnType<typeof findPayout>;
  /** Every transfer that names this payout: to where, how much, and what came back. */
  transfersOf(
    payoutId: string,
  ): Promise<{ id: string; destination: unknown; amount: number; reversed: number }[]>;
  close(): Promise<void>;
};

/** Short enough for a test to see them pass. */
const deadlines = { ...testSettings.deadlines, approvalMs: 60 };

export const openTransferStage = async (): Promise<TransferStage> => {
  const database = await testDatabase("order");
  const provider = await openStage();
  const endpoint = { protocol: "http", host: "127.0.0.1", port: provider.sandbox.port } as const;
  const settings = {
    ...testSettings,
    deadlines,
    stripe: { secretKey: SECRET_KEY, webhookSecret: WEBHOOK_SECRET, endpoint },
  };
  const scene = (rest: Partial<StepScene> = {}) =>
    sceneOf(database.db, asModule("order"), { settings, ...rest });
  const seller: TransferStage["seller"] = async (currency = "USD") => {
    const accountId = freshId("acc");
    const { id: destination } = await provider.stripe.accounts.create({ type: "express" });
    const bank = { currency, holder: "Some Shop", destination, last4: "4242" };
    await database.db
      .insert(bankAccount)
      .values({ ...bank, accountId, version: 1, putBy: accountId, putByCall: freshId("evt") });
    return { accountId, destination };
  };
  const claimed: TransferStage["claimed"] = async (minor, accountId) =>
    claim(
      {
        accountId: accountId ?? (await seller()).accountId,
        requestKey: freshId("evt"),
        amount: { minor, currency: "USD" },
        isScheduled: false,
      },
      scene(),
    );
  return {
    database,
    provider,
    scene,
    seller,
    claimed,
    cleared: async (minor) => {
      const view = await claimed(minor);
      await advance({ payoutId: view.payoutId, isSuspended: false }, scene());
      return view;
    },
    row: (payoutId) => findPayout(database.db, payoutId),
    transfersOf: async (payoutId) => {
      const { data } = await provider.stripe.transfers.list({ limit: 100 });
      return data
        .filter(({ metadata }) => metadata["payout_id"] === payoutId)
        .map(({ id, destination, amount, amount_reversed }) => ({
          id,
          destination,
          amount,
          reversed: amount_reversed,
        }));
    },
    close: async () => {
      await provider[Symbol.asyncDispose]();
      await database.close();
    },
  };
};
