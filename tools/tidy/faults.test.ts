import { expect, it } from "vitest";
import { places } from "./_kit/fixture.ts";
import { check } from "./faults.ts";

const text = "try { pay(); } catch { }\npay().catch(ignore);";

it("faults: a handler lets them go by", () => {
  expect(places(check, { "modules/order/charge/open.ts": text })).toEqual([
    "modules/order/charge/open.ts:1",
    "modules/order/charge/open.ts:2",
  ]);
});

it("faults: a port, the kit and a test may catch", () => {
  const files = {
    "modules/order/charge/gateway/stripe.ts": text,
    "modules/_kit/saga.ts": text,
    "modules/order/charge/charge.test.ts": text,
  };
  expect(places(check, files)).toEqual([]);
});

it("faults: a catch that throws on what it does not know", () => {
  const body = (caught: string) =>
    `try { pay(); } catch (error) { if (!isRefusal(error)) throw ${caught}; note(error); }`;
  expect(places(check, { "modules/order/charge/open.ts": body("error") })).toEqual([]);
  expect(places(check, { "modules/order/charge/open.ts": body("other") })).toHaveLength(1);
});
