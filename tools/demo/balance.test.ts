import { expect, it } from "vitest";
import { type Evidence, wrongs } from "./balance.ts";

const level = (skuId: string, available: number, sold: number) => ({
  skuId,
  available,
  sold,
  held: 0,
  onHand: available + sold,
});
const usd = (account: string, minor: number) => ({ account, minor, currency: "USD" });
const line = (skuId: string, pieces: number, totalMinor: number) => ({
  skuId,
  title: skuId,
  pieces,
  totalMinor,
});

const good = (): Evidence => ({
  orders: [
    {
      orderId: "o1",
      sellerId: "s1",
      lines: [line("a", 2, 200), line("b", 1, 50)],
      totalMinor: 250,
      currency: "USD",
    },
    { orderId: "o2", sellerId: "s2", lines: [line("c", 1, 30)], totalMinor: 30, currency: "USD" },
  ],
  bought: [
    { skuId: "a", pieces: 2 },
    { skuId: "b", pieces: 1 },
    { skuId: "c", pieces: 1 },
  ],
  payment: { amount: { minor: 280, currency: "USD" }, state: "settled" },
  ledger: [
    {
      entryId: "e1",
      entryKey: "k",
      kind: "capture",
      reference: "chk",
      postedAt: "2026-01-01T00:00:00.000Z",
      lines: [usd("gateway:stripe", -280), usd("escrow:o1", 250), usd("escrow:o2", 30)],
    },
  ],
  stock: {
    before: [level("a", 10, 0), level("b", 5, 5), level("c", 1, 0)],
    after: [level("a", 8, 2), level("b", 4, 6), level("c", 0, 1)],
  },
});

it("wrongs: a purchase that adds up has none", () => {
  expect(wrongs(good())).toEqual([]);
});

it("wrongs: no order, no payment and an empty ledger are each said", () => {
  const nothing = { ...good(), orders: [], payment: null, ledger: [] };
  expect(wrongs(nothing).join("\n")).toContain("did not end as an order");
  expect(wrongs({ ...good(), payment: null }).join("\n")).toContain("not settled");
  expect(wrongs({ ...good(), ledger: [] })).toEqual([
    "the ledger took 0 from the gateway, the payment is 280",
    "escrow of o1 holds 0, the order is 250",
    "escrow of o2 holds 0, the order is 30",
  ]);
});

it("wrongs: a ledger entry that does not add up to zero, or is another currency's", () => {
  const [entry] = good().ledger;
  const lopsided = { ...entry!, lines: [...entry!.lines, usd("platform:fees", 1)] };
  expect(wrongs({ ...good(), ledger: [lopsided] })).toEqual(["ledger entry e1 does not balance"]);
  const foreign = { ...entry!, lines: entry!.lines.map((one) => ({ ...one, currency: "EUR" })) };
  expect(wrongs({ ...good(), ledger: [foreign] })).toEqual([
    "the ledger is not in the currency of the orders",
  ]);
});

it("wrongs: stock that moved too far, not far enough, or is still held", () => {
  const judged = (after: Evidence["stock"]["after"]) =>
    wrongs({ ...good(), stock: { ...good().stock, after } });
  const [a, b, c] = good().stock.after;
  for (const wrong of [level("a", 7, 3), level("a", 9, 1), { ...a!, held: 1 }, { ...a!, onHand: 11 }])
    expect(judged([wrong, b!, c!])).toEqual(["the stock of a did not move by exactly the 2 bought"]);
  expect(judged([b!, c!])).toEqual(["the level of a is missing"]);
});

it("wrongs: an order whose lines are not what was bought", () => {
  const [first, second] = good().orders;
  const short = { ...first!, lines: [line("a", 1, 200), line("b", 1, 50)] };
  expect(wrongs({ ...good(), orders: [short, second!] })).toEqual(["a was not ordered 2 times"]);
});
