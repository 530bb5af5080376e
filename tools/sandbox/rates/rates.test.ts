import { Rate } from "@shopnexus/contracts/kit/money";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStage, type Stage } from "../stage.ts";
import { crossRate } from "./cross.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage[Symbol.asyncDispose]());

type Answer = { base: string; rates: Record<string, string>; takenAt: string; error?: { code: string } };
const ask = async (query = "?base=USD") => {
  const response = await fetch(`${stage.sandbox.rates.url}/rates${query}`);
  return { status: response.status, body: (await response.json()) as Answer };
};
const ageMs = ({ takenAt }: Answer) => Date.now() - Date.parse(takenAt);

test("rates of a dollar as decimals, taken now", async () => {
  const { status, body } = await ask();
  expect([status, body.base]).toEqual([200, "USD"]);
  expect(body.rates).toMatchObject({ EUR: "0.92", VND: "25000" });
  for (const rate of Object.values(body.rates)) expect(Rate.safeParse(rate).success).toBe(true);
  expect(ageMs(body)).toBeLessThan(5_000);
});

test("any currency of the table is a base; one that is not is refused", async () => {
  expect((await ask("?base=VND")).body.rates).toMatchObject({ USD: "0.00004", EUR: "0.0000368" });
  expect((await ask("?base=EUR")).body.rates).toMatchObject({
    USD: "1.086956521739",
    VND: "27173.913043478261",
  });
  expect(await ask("?base=XXX")).toMatchObject({
    status: 404,
    body: { error: { code: "currency_unknown" } },
  });
  expect((await ask("?base=usd")).status).toBe(400);
});

test("crossRate: exact where it can be, rounded at the twelfth place", () => {
  expect(crossRate("1", "100")).toBe("100");
  expect(crossRate("0.5", "1")).toBe("2");
  expect(crossRate("3", "2")).toBe("0.666666666667");
});

test("set: a rate is another, a currency is gone, and the rest stays", async () => {
  await stage.control("POST /sandbox/rates", { rates: { EUR: "0.5", JPY: null } });
  const { rates } = (await ask()).body;
  expect(rates).toMatchObject({ EUR: "0.5", VND: "25000" });
  expect(rates).not.toHaveProperty("JPY");
  expect(await stage.control("POST /sandbox/rates", { rates: { EUR: "0" } })).toMatchObject({
    error: { code: "invalid_request" },
  });
});

test("stale and down, until they are reset", async () => {
  stage.sandbox.rates.setStale(3_600_000);
  expect(ageMs((await ask()).body)).toBeGreaterThan(3_599_000);
  await stage.control("POST /sandbox/rates", { down: true });
  expect(await ask()).toMatchObject({ status: 503, body: { error: { code: "unavailable" } } });
  await stage.control("DELETE /sandbox/rates");
  expect(ageMs((await ask()).body)).toBeLessThan(5_000);
});
