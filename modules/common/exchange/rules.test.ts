import { RATE_AGE_MAX_MS } from "@shopnexus/contracts/common/exchange";
import { convert, money, Rate } from "@shopnexus/contracts/kit/money";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type Known, quotient, rateOf, ratesAgainst, tableOf } from "./rules.ts";

const now = new Date("2026-03-01T12:00:00Z");
const ago = (ms: number) => new Date(now.getTime() - ms);
const known = (currency: string, rate: string, takenAt = ago(60_000)): Known => ({ currency, rate, takenAt });
const table = tableOf([known("EUR", "0.92"), known("VND", "25000.000000000000"), known("JPY", "150")], now);
const rate = (base: string, currency: string) => rateOf(table, { base, currency, now })?.rate;

test("a rate follows from the two against the pivot, whichever way round", () => {
  expect(rate("USD", "EUR")).toBe("1.086956521739");
  expect(rate("EUR", "USD")).toBe("0.92");
  expect(rate("VND", "USD")).toBe("25000");
  expect(rate("VND", "EUR")).toBe("27173.913043478261");
  expect(rate("USD", "VND")).toBe("0.00004");
  expect(rate("JPY", "JPY")).toBe("1");
  expect(convert(money(1_000, "EUR"), rate("VND", "EUR") ?? "", "VND").minor).toBe(271_739);
});

test("a quotient is a Rate, within half of the last decimal of the exact one; or it has no room", () => {
  const anyRate = fc
    .tuple(fc.bigInt({ min: 1n, max: 10n ** 15n }), fc.nat({ max: 12 }))
    .map(([digits, decimals]) => {
      const text = String(digits).padStart(decimals + 1, "0");
      return decimals === 0 ? text : `${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
    })
    .filter((text) => Rate.safeParse(text).success);
  const scaled = (decimal: string) => {
    const [units = "", decimals = ""] = decimal.split(".");
    return BigInt(units + decimals.padEnd(12, "0"));
  };
  fc.assert(
    fc.property(anyRate, anyRate, (above, below) => {
      const found = quotient(above, below);
      const [over, under] = [scaled(above) * 10n ** 12n, scaled(below)];
      const off = scaled(found ?? "0") * under - over;
      const isNearest = (off < 0n ? -off : off) * 2n <= under;
      const hasNoRoom = over * 2n < under || over / under >= 10n ** 24n - 1n;
      expect(found === undefined ? hasNoRoom : isNearest && Rate.safeParse(found).success).toBe(true);
    }),
  );
});

test("a rate is as old as the older of its two, and too old is none: RATE_UNAVAILABLE", () => {
  const old = ago(RATE_AGE_MAX_MS);
  const mixed = tableOf(
    [known("EUR", "0.92"), known("JPY", "150", old), known("VND", "25000", ago(RATE_AGE_MAX_MS + 1))],
    now,
  );
  expect(rateOf(mixed, { base: "EUR", currency: "JPY", now })?.takenAt).toBe(old.toISOString());
  expect(rateOf(mixed, { base: "EUR", currency: "VND", now })).toBeUndefined();
  const asked = { base: "EUR", currencies: ["EUR", "VND", "JPY", "CHF"], now };
  expect(ratesAgainst(mixed, asked)).toMatchObject({
    code: "RATE_UNAVAILABLE",
    data: { currencies: ["VND", "CHF"] },
  });
  expect(ratesAgainst(mixed, { ...asked, base: "VND" })).toMatchObject({
    data: { currencies: ["VND", "CHF"] },
  });
});
