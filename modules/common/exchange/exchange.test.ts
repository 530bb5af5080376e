import { RATE_AGE_MAX_MS } from "@shopnexus/contracts/common/exchange";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { brokenConstraint } from "#db/_kit/transaction.ts";
import { type Sandbox, startSandbox } from "#tools/sandbox/server.ts";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asAnyone, asModule, sceneOf } from "#tools/testkit/scene.ts";
import { testSettings } from "#tools/testkit/settings.ts";
import { freeze } from "./freeze.ts";
import { rates } from "./rates.ts";
import { refresh } from "./refresh.ts";

let base: TestDatabase;
let sandbox: Sandbox;
const refused = (code: string, data?: object) => expect.objectContaining({ code, ...(data && { data }) });
const scene = (apiUrl?: string) =>
  sceneOf(base.db, asModule("order"), {
    settings: { ...testSettings, ...(apiUrl !== undefined && { exchange: { apiUrl } }) },
  });
const refreshed = () => refresh({}, scene(sandbox.rates.url));
const frozen = async (currency: string, against = "USD") => {
  const asked = await freeze({ base: against, currencies: [currency] }, scene());
  return asked.rates[0]?.rate;
};
const contents = () => base.db.$client`select * from common.rate order by currency`;

beforeAll(async () => {
  base = await testDatabase("common");
  sandbox = await startSandbox({ secretKey: "sk_test_rates", webhookSecret: "whsec_test_rates" });
});
beforeEach(async () => {
  sandbox.rates.reset();
  await base.db.$client`delete from common.rate`;
});
afterAll(async () => {
  await sandbox.stop();
  await base.close();
});

describe("Exchange/refresh", () => {
  it("keeps what the source says, and the same rates again change nothing", async () => {
    sandbox.rates.setStale(60_000);
    const { freshCount } = await refreshed();
    expect(freshCount).toBeGreaterThan(2);
    expect(await frozen("EUR", "VND")).toBe("27173.913043478261");
    sandbox.rates.setStale(3_600_000);
    const before = await contents();
    expect(await refreshed()).toEqual({ freshCount: 0 });
    expect(await contents()).toEqual(before);
  });

  it("keeps the newest of several at once", async () => {
    await refreshed();
    sandbox.rates.set({ EUR: "0.5" });
    await Promise.all(Array.from({ length: 20 }, refreshed));
    expect(await frozen("EUR")).toBe("2");
  });

  it("does nothing in a shop without a source", async () => {
    expect(await refresh({}, scene())).toEqual({ freshCount: 0 });
    expect(await contents()).toHaveLength(0);
  });

  it("fails while the source is down or cannot be read, and keeps what there was", async () => {
    await refreshed();
    sandbox.rates.setDown(true);
    await expect(refreshed()).rejects.toThrow("503");
    await expect(refresh({}, scene(`${sandbox.url}/nowhere`))).rejects.toThrow("404");
    expect(await frozen("EUR")).toBe("1.086956521739");
  });
});

describe("Exchange/freeze", () => {
  it("gives the rates in the order asked, the base as one, and asks nobody outside", async () => {
    await refreshed();
    sandbox.rates.setDown(true);
    const asked = await freeze({ base: "VND", currencies: ["USD", "VND", "EUR"] }, scene());
    expect(asked.rates.map(({ currency, rate }) => [currency, rate])).toEqual([
      ["USD", "25000"],
      ["VND", "1"],
      ["EUR", "27173.913043478261"],
    ]);
  });

  it("needs no rate for a basket of one currency", async () => {
    expect(await frozen("CHF", "CHF")).toBe("1");
  });

  it("refuses what has no rate, and what is older than a day: RATE_UNAVAILABLE", async () => {
    await expect(frozen("EUR")).rejects.toThrow(refused("RATE_UNAVAILABLE", { currencies: ["EUR"] }));
    sandbox.rates.setStale(RATE_AGE_MAX_MS + 60_000);
    await refreshed();
    await expect(frozen("EUR")).rejects.toThrow(refused("RATE_UNAVAILABLE", { currencies: ["EUR"] }));
    await expect(frozen("USD", "EUR")).rejects.toThrow(refused("RATE_UNAVAILABLE", { currencies: ["EUR"] }));
  });
});

describe("Exchange/rates", () => {
  const anyone = () => sceneOf(base.db, asAnyone);

  it("gives every rate against the base, by currency", async () => {
    await refreshed();
    const all = await rates({ base: "EUR" }, anyone());
    expect(all.base).toBe("EUR");
    expect(all.rates.map(({ currency }) => currency)).toEqual(["EUR", "GBP", "JPY", "USD", "VND"]);
    expect(all.rates[3]).toMatchObject({ rate: "0.92" });
  });

  it("refuses a base without rates: RATE_UNAVAILABLE", async () => {
    await expect(rates({ base: "CHF" }, anyone())).rejects.toThrow(
      refused("RATE_UNAVAILABLE", { currencies: ["CHF"] }),
    );
  });
});

it.each([
  ["rate_above_zero", "update common.rate set rate = 0"],
  ["rate_between_two", "update common.rate set currency = base where currency = 'EUR'"],
])("common's table of rates refuses, by %s: %s", async (constraint, statement) => {
  await refreshed();
  expect(await base.db.$client.unsafe(statement).catch(brokenConstraint)).toBe(constraint);
});
