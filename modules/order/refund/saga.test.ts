import { afterAll, beforeAll, expect } from "vitest";
import { freshId } from "@shopnexus/contracts/kit/id";
import { Refund } from "@shopnexus/contracts/order/refund";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import { Claim } from "@shopnexus/contracts/order/claim";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Probe } from "#modules/_kit/probe.ts";
import { ADDRESS, type Seller, seller } from "#tools/testkit/people.ts";
import { type Ending, sagaProof } from "#tools/testkit/saga-proof.ts";
import { askOf } from "../claim/proof/stage.ts";
import { balanceOf, boughtBy, ended, openStage, type Stage } from "./proof/stage.ts";

const probes = new Map<string, Probe>();
let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ probe: (key) => probes.get(key ?? "") });
});
afterAll(() => stage?.stop());

/** What a claim leaves for one of two pieces that were paid out, half of it from the wallet, and came back. */
type Rows = {
  claim: string;
  line: string;
  returned: number;
  sold: number;
  seller: number;
  held: number;
  buyer: number;
  income: number;
  isLive: boolean;
  /** With the carrier, waiting to be fetched. */
  parcels: number;
};

sagaProof<Rows>({
  name: "Refund/run",
  before: ["open claim", "freeze share", "book return"],
  pivot: "accept claim",
  after: ["pay back", "thaw share", "take goods back", "settle lines"],
  trial,
  done: {
    claim: "settled",
    line: "fulfilled",
    returned: 1_000,
    sold: 1,
    // 18.00 were paid out; of the 10.00 that went back 1.00 was commission.
    seller: 900,
    held: 0,
    buyer: 500,
    income: 100,
    isLive: false,
    parcels: 0,
  },
  undone: {
    claim: "voided",
    line: "fulfilled",
    returned: 0,
    sold: 2,
    seller: 1_800,
    held: 0,
    buyer: 0,
    income: 200,
    isLive: false,
    parcels: 0,
  },
});

async function trial(probe: Probe): Promise<Ending<Rows>> {
  const an = await seller(stage.shop);
  const { skuId } = await an.offer(1_000, 5);
  const holdId = freshId("hld");
  await stage.ask(Stock, "reserve", { holdId, lines: [{ skuId, pieces: 2 }] });
  await stage.ask(Stock, "commit", { holdId });
  const line = { sellerId: an.accountId, pieces: 2, commissionMinor: 200, skuId };
  const sold = await boughtBy(stage, { lines: [line], walletMinor: 1_000 }, true);
  const from = JSON.stringify({ addressId: freshId("adr"), ...ADDRESS });
  await stage.shop.sql`
    update "order"."order" set carrier = 'swift', service = 'standard', from_address = ${from}::text::jsonb
    where checkout_id = ${sold.checkoutId}`;
  return settle({
    probe,
    an,
    skuId,
    orderId: sold.orders.get(an.accountId) ?? "",
    lineId: sold.lineIds[0] ?? "",
  });
}

type Trial = { probe: Probe; an: Seller; skuId: string; orderId: string; lineId: string };

async function settle({ probe, an, skuId, orderId, lineId }: Trial): Promise<Ending<Rows>> {
  const { mai } = stage;
  const ask = askOf(orderId, lineId);
  const refundId = deriveId("rfd", orderId, mai.accountId, ask.claimKey);
  probes.set(refundId, probe);
  await mai.call(Claim).open(ask);
  for (const step of [
    () => an.call(Refund, refundId).answer({ answer: "accept_with_return", says: "" }),
    () => labelled(refundId),
    () => mai.call(Refund, refundId).sent({ how: "by post" }),
    () => an.call(Refund, refundId).inspect({ finding: "ok", isSellable: true, says: "" }),
  ])
    await step().catch(() => undefined);
  await ended(stage, refundId);
  const rows = await rowsOf({ an, skuId, orderId, lineId, refundId });
  return { isDone: rows.claim === "settled", rows };
}

/** The buyer has the label, or it came to nothing before. */
async function labelled(refundId: string): Promise<void> {
  const isReady = async () => {
    const { shipmentId, endedAt } = await stage.mai.call(Claim).read({ refundId });
    return shipmentId !== null || endedAt !== null;
  };
  await expect.poll(isReady, { timeout: 20_000, interval: 50 }).toBe(true);
}

type Traces = { an: Seller; skuId: string; orderId: string; lineId: string; refundId: string };

async function rowsOf({ an, skuId, orderId, lineId, refundId }: Traces): Promise<Rows> {
  const { sql } = stage.shop;
  const [claim] = await sql`select state from "order".claim where refund_id = ${refundId}`;
  const [line] = await sql`
    select state, returned_minor::int as returned from "order".checkout_line where line_id = ${lineId}`;
  const [level] = await sql`select sold::int as sold from inventory.level where sku_id = ${skuId}`;
  const [live] = await sql`select bool_or(is_live) as live from "order".claim_line where line_id = ${lineId}`;
  const lines = await sql<{ account: string; minor: number }[]>`
    select account, sum(minor)::int as minor from account.entry_line l join account.entry e using (entry_id)
    where e.reference = ${orderId} group by account`;
  const of = (account: string) => lines.find((one) => one.account === account)?.minor ?? 0;
  return {
    claim: claim?.["state"],
    line: line?.["state"],
    returned: line?.["returned"],
    sold: level?.["sold"],
    seller: await balanceOf(stage, `wallet:${an.accountId}`),
    held: await balanceOf(stage, `held:${an.accountId}`),
    buyer: of(`wallet:${stage.mai.accountId}`),
    income: of("platform:income"),
    isLive: live?.["live"],
    parcels: stage.shop.sandbox.carrier
      .shipments()
      .filter(({ reference, status }) => reference === deriveId("shp", refundId) && status !== "cancelled")
      .length,
  };
}
