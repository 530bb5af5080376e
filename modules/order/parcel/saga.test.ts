import { afterAll, beforeAll, expect, vi } from "vitest";
import { Supply } from "@shopnexus/contracts/inventory/supply";
import { Serial } from "@shopnexus/contracts/inventory/serial";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Probe } from "#modules/_kit/probe.ts";
import { type Ending, sagaProof } from "#tools/testkit/saga-proof.ts";
import { openOrderStage, type OrderStage, type Paid, PATIENT } from "../fulfilment/proof/stage.ts";

const probes = new Map<string, Probe>();
let stage: OrderStage;
beforeAll(async () => {
  stage = await openOrderStage({ bookRetryMs: 50 }, { probe: (key) => probes.get(key ?? "") });
  stage.shop.sandbox.carrier.setTariff({ baseMinor: 500 });
});
afterAll(() => stage?.close());

/** What sending two pieces of each of two things leaves behind, one of them with serial numbers. */
type Rows = {
  confirmed: number;
  inParcel: number;
  parcel: string;
  /** Parcels that the carrier means to fetch. */
  atCarrier: number;
  labels: number;
  serials: number;
  carriageSpent: boolean;
  ledger: number;
  confirmedMails: number;
  confirmedEvents: number;
};

sagaProof<Rows>({
  name: "Parcel/run",
  before: ["take serials", "book parcel"],
  pivot: "make label",
  after: ["pay for carriage", "tell the buyer"],
  trial,
  done: {
    confirmed: 2,
    inParcel: 2,
    parcel: "sealed",
    atCarrier: 1,
    labels: 1,
    serials: 2,
    carriageSpent: true,
    ledger: 0,
    confirmedMails: 1,
    confirmedEvents: 1,
  },
  undone: {
    confirmed: 2,
    inParcel: 0,
    parcel: "waiting",
    atCarrier: 0,
    labels: 0,
    serials: 0,
    carriageSpent: false,
    ledger: 0,
    confirmedMails: 0,
    confirmedEvents: 0,
  },
});

async function trial(probe: Probe): Promise<Ending<Rows>> {
  const { an } = stage;
  const goods = await Promise.all([an.offer(2_000, 9), an.offer(500, 9)]);
  const [numbered] = goods;
  const skuId = numbered?.skuId ?? "";
  const settings = { backorder: false, serials: true, reorderPoint: null, supplierEmail: null };
  await an.call(Supply).configure({ skuId, ...settings });
  await an.call(Serial).add({ skuId, serials: ["1", "2", "3"].map((number) => `${skuId}-${number}`) });
  const paid = await stage.buy(goods, 2);
  const [head] = await stage.shop.sql`select version from "order"."order" where order_id = ${paid.orderId}`;
  const parcelId = deriveId("par", paid.orderId, String(head?.["version"]));
  probes.set(parcelId, probe);
  await stage.sell(paid).confirm({});
  const isDone = await ended(parcelId);
  const look = () => rowsOf(paid, { parcelId, skuId });
  // The letter is on its way when the run is over.
  if (isDone) await vi.waitFor(async () => expect((await look()).confirmedMails).toBe(1), PATIENT);
  return { isDone, rows: await look() };
}

/** Waits for the run's own end; it begins only once the order's run has heard of the confirmation. */
async function ended(parcelId: string): Promise<boolean> {
  const url = `${stage.shop.ingressUrl}/restate/workflow/Parcel/${parcelId}`;
  await vi.waitFor(async () => expect((await fetch(`${url}/output`)).status).not.toBe(404), PATIENT);
  return (await fetch(`${url}/attach`)).status === 200;
}

type Traces = { parcelId: string; skuId: string };

async function rowsOf(paid: Paid, { parcelId, skuId }: Traces): Promise<Rows> {
  const { sql } = stage.shop;
  const [lines] = await sql`
    select count(*) filter (where state = 'confirmed')::int as confirmed, count(shipment_id)::int as "inParcel",
      coalesce(sum(carried_minor), 0)::int as carried, coalesce(sum(shipping_minor), 0)::int as shipping
    from "order".checkout_line where order_id = ${paid.orderId}`;
  const [rows] = await sql`
    select (select state from "order".parcel where parcel_id = ${parcelId}) as parcel,
      (select count(*)::int from "order".shipment_label join "order".shipment using (shipment_id) where parcel_id = ${parcelId}) as labels,
      (select count(*)::int from inventory.serial where sku_id = ${skuId} and line_id is not null) as serials,
      (select count(*)::int from common.event where subject = ${paid.orderId} and kind = 'order.confirmed') as events,
      (select count(distinct message_key)::int from common.mail where message_key like ${"%/confirmed"}
        and message_key in (select shipment_id || '/confirmed' from "order".shipment where parcel_id = ${parcelId})) as mails`;
  const posted = await sql<{ minor: number }[]>`
    select sum(minor)::int as minor from account.entry_line join account.entry using (entry_id)
    where reference = ${paid.orderId}`;
  const parcels = await stage.atCarrier(paid);
  return {
    confirmed: lines?.["confirmed"],
    inParcel: lines?.["inParcel"],
    parcel: rows?.["parcel"],
    atCarrier: parcels.filter(({ status }) => status !== "cancelled").length,
    labels: rows?.["labels"],
    serials: rows?.["serials"],
    carriageSpent: lines?.["carried"] > 0 && lines?.["carried"] === lines?.["shipping"],
    ledger: posted[0]?.minor ?? 0,
    confirmedMails: rows?.["mails"],
    confirmedEvents: rows?.["events"],
  };
}
