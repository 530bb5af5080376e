import { afterAll, beforeAll } from "vitest";
import { freshId } from "@shopnexus/contracts/kit/id";
import { Earnings } from "@shopnexus/contracts/order/earnings";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Probe } from "#modules/_kit/probe.ts";
import { earner, type Earner, heldBy, transfersTo } from "#tools/testkit/earners.ts";
import { type Ending, sagaProof } from "#tools/testkit/saga-proof.ts";
import { openShop, type TestShop, UNFUSED } from "#tools/testkit/shop.ts";

const probes = new Map<string, Probe>();
let shop: TestShop;

beforeAll(async () => {
  shop = await openShop(UNFUSED, { logLevel: "silent", probe: (key) => probes.get(key ?? "") });
});
afterAll(() => shop?.stop());

/** What a payout of 30 out of a wallet of 50 leaves behind. */
type Rows = {
  state: string;
  wallet: number;
  held: number;
  bank: number;
  transferred: number[];
  told: string[];
};

sagaProof<Rows>({
  name: "Payout/run",
  before: ["hold funds"],
  pivot: "send transfer",
  after: ["post payout", "tell the seller"],
  trial,
  done: {
    state: "sent",
    wallet: 2_000,
    held: 0,
    bank: 3_000,
    transferred: [3_000],
    told: ["payout.sent"],
  },
  undone: { state: "failed", wallet: 5_000, held: 0, bank: 0, transferred: [], told: ["payout.failed"] },
});

async function trial(probe: Probe): Promise<Ending<Rows>> {
  const an = await earner(shop, { minor: 5_000, currency: "USD" });
  const requestKey = freshId("evt");
  const payoutId = deriveId("pay", an.accountId, requestKey);
  probes.set(payoutId, probe);
  await an.call(Earnings).withdraw({ requestKey, amount: { minor: 3_000, currency: "USD" } });
  const { status } = await fetch(`${shop.ingressUrl}/restate/workflow/Payout/${payoutId}/attach`);
  return { isDone: status === 200, rows: await rowsOf(an, payoutId) };
}

async function rowsOf(an: Earner, payoutId: string): Promise<Rows> {
  const { state } = await an.call(Earnings).read({ payoutId });
  const told = await shop.sql<{ kind: string }[]>`
    select kind from common.event where subject = ${payoutId} order by kind`;
  const [bank] = await shop.sql<{ minor: number }[]>`
    select coalesce(sum(minor), 0)::float8 as minor from account.entry_line join account.entry using (entry_id)
    where reference = ${payoutId} and account = 'bank:stripe'`;
  return {
    state,
    wallet: await heldBy(shop, `wallet:${an.accountId}`),
    held: await heldBy(shop, `held:${an.accountId}`),
    bank: bank?.minor ?? 0,
    transferred: (await transfersTo(shop, an.destination)).map(({ amount }) => amount),
    told: told.map(({ kind }) => kind),
  };
}
