import { expect, it } from "vitest";
import { CALLS, circle } from "../rooms.ts";
import { places, said } from "./_kit/fixture.ts";
import { check, drawn } from "./calls.ts";

const PAGES = {
  "contracts/order/checkout.ts":
    'export const Checkout = workflow("Checkout", { run: run(A, B, {}), paid: op(A, B, {}) });',
  "contracts/order/charge.ts": 'export const Charge = service("Charge", { open: step(A, B, {}) });',
  "contracts/inventory/stock.ts": 'export const Stock = service("Stock", { reserve: step(A, B, {}) });',
};

it("calls: a drawn edge may be walked, by the way it is drawn", () => {
  const files = {
    ...PAGES,
    "modules/order/checkout/run.ts": "await call(ctx, Stock).reserve(x);",
    "modules/order/charge/open.ts":
      "ctx.sendClient(Checkout, id).paid(x); await ctx.client(Checkout, id).paid(x);",
  };
  expect(said(check, files)).toEqual([]);
});

it("calls: an edge that is not drawn is told", () => {
  const found = said(check, {
    ...PAGES,
    "modules/inventory/stock/reserve.ts": "\nawait call(ctx, Charge).open(x);",
  });
  expect(found[0]).toContain("modules/inventory/stock/reserve.ts:2  Stock reaches Charge (steps)");
});

it("calls: waiting for a workflow is another edge than signalling it", () => {
  const files = { ...PAGES, "modules/order/charge/open.ts": "await ctx.client(Checkout, id).run(x);" };
  expect(said(check, files)[0]).toContain("Charge reaches Checkout (waits)");
});

it("calls: tests may call whom they like", () => {
  expect(places(check, { ...PAGES, "modules/inventory/stock/stock.test.ts": "call(ctx, Charge);" })).toEqual(
    [],
  );
});

it("calls: components that wait for each other are a deadlock", () => {
  const calls = { A: { waits: ["B"] }, B: { waits: ["C"] }, C: { waits: ["A"] } };
  expect(circle(calls)).toEqual(["A", "B", "C", "A"]);
  expect(drawn(calls)[0]?.what).toContain("A → B → C → A");
});

it("calls: a circle may be closed by a send, a signal or a step", () => {
  expect(circle({ A: { waits: ["B"] }, B: { sends: ["A"], signals: ["A"], steps: ["A"] } })).toBeUndefined();
});

it("calls: the drawn waits of this house have no circle", () => {
  expect(Object.keys(CALLS).length).toBeGreaterThan(0);
  expect(circle(CALLS)).toBeUndefined();
});
