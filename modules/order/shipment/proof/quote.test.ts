import { afterAll, beforeAll, expect, test } from "vitest";
import { AddressBook } from "@shopnexus/contracts/account/address-book";
import { freshId } from "@shopnexus/contracts/kit/id";
import { Shipment } from "@shopnexus/contracts/order/shipment";
import { knock } from "#tools/testkit/knock.ts";
import { ADDRESS, type Buyer, buyer, seller } from "#tools/testkit/people.ts";
import { openShop, type TestShop } from "#tools/testkit/shop.ts";

let shop: TestShop;
let mai: Buyer;
beforeAll(async () => {
  shop = await openShop();
  mai = await buyer(shop);
  shop.sandbox.carrier.setTariff({ baseMinor: 400, perKgMinor: 150 });
});
afterAll(() => shop?.stop());

const CARRIERS = ["swift", "heron", "turtle"] as const;

test("Shipment/quote: seller by seller, by weight, cheapest first, in the currency asked for", async () => {
  const [an, binh] = await Promise.all([seller(shop), seller(shop)]);
  const [light, heavy] = [await an.offer(1_000, 5), await binh.offer(2_000, 5)];
  const lines = [
    { skuId: light.skuId, pieces: 1 },
    { skuId: heavy.skuId, pieces: 25 },
  ];
  const ask = { addressId: mai.addressId, currency: "USD", lines };
  const { groups } = await mai.call(Shipment).quote(ask);
  const cheapest = new Map(groups.map(({ sellerId, options }) => [sellerId, options[0]?.price]));
  expect(cheapest.get(an.accountId)).toEqual({ minor: Math.round((400 + 150) * 0.7), currency: "USD" });
  expect(cheapest.get(binh.accountId)).toEqual({ minor: Math.round((400 + 3 * 150) * 0.7), currency: "USD" });
  for (const { options } of groups) {
    const minors = options.map(({ price }) => price.minor);
    expect(minors).toEqual(minors.toSorted((a, b) => a - b));
  }
  const inDong = await mai.call(Shipment).quote({ ...ask, currency: "VND" });
  for (const { options } of inDong.groups)
    for (const { price } of options) expect(price.currency).toBe("VND");
});

test("Shipment/quote: a strange address and a strange item are refused (ADDRESS_UNKNOWN, SKU_UNAVAILABLE)", async () => {
  const an = await seller(shop);
  const [thing, linh] = [await an.offer(1_000, 5), await buyer(shop)];
  const lines = [{ skuId: thing.skuId, pieces: 1 }];
  const ask = { addressId: mai.addressId, currency: "USD", lines };
  await expect(linh.call(Shipment).quote(ask)).rejects.toMatchObject({ code: "ADDRESS_UNKNOWN" });
  const strange = { ...ask, lines: [{ skuId: freshId("sku"), pieces: 1 }] };
  await expect(mai.call(Shipment).quote(strange)).rejects.toMatchObject({ code: "SKU_UNAVAILABLE" });
  const twice = mai.call(Shipment).quote({ ...ask, lines: [...lines, ...lines] });
  await expect(twice).rejects.toMatchObject({ code: "INVALID_INPUT" });
});

test("Shipment/quote: where nobody goes, and when nobody answers, there is no option", async () => {
  const an = await seller(shop);
  const thing = await an.offer(1_000, 5);
  const { addressId } = await mai.call(AddressBook).add({ ...ADDRESS, country: "ZZ" });
  const lines = [{ skuId: thing.skuId, pieces: 1 }];
  const far = await mai.call(Shipment).quote({ addressId, currency: "USD", lines });
  expect(far.groups).toEqual([{ sellerId: an.accountId, options: [] }]);
  for (const name of CARRIERS) shop.sandbox.carrier.setTrouble(name, { down: true });
  const down = await mai.call(Shipment).quote({ addressId: mai.addressId, currency: "USD", lines });
  expect(down.groups).toEqual([{ sellerId: an.accountId, options: [] }]);
  for (const name of CARRIERS) shop.sandbox.carrier.setTrouble(name, { down: false });
});

test("POST /webhooks/carrier: what is not signed is refused (SHIPMENT_FORGED), without a stack", async () => {
  const url = `${shop.edgeUrl("order")}/webhooks/carrier`;
  for (const [body, signature] of [
    ["{}", ""],
    ['{"eventId":"cev_1","status":"delivered"}', "t=1,v1=00"],
    ["no JSON", `t=${Math.floor(Date.now() / 1_000)},v1=${"0".repeat(64)}`],
  ] as const) {
    const reply = await knock(url, { body, headers: { "carrier-signature": signature } });
    expect(reply).toMatchObject({ status: 400, code: "SHIPMENT_FORGED" });
    expect(reply.text).not.toMatch(/\.ts|node:/);
  }
});
