import { expect, it } from "vitest";
import { said } from "./_kit/fixture.ts";
import { check } from "./docstrings.ts";

const page = (doc: string, card = 'who: "module", undo: "release", refuses: [R.OUT_OF_STOCK, R.HOLD_GONE]') =>
  said(check, {
    "contracts/inventory/stock.ts": `export const Stock = service("Stock", {\n${doc}\n  reserve: step(A, B, { ${card} }),\n});`,
  });

it("docstrings: a sentence, then words that agree with the card", () => {
  const doc = `  /** Gives pieces to one order, all of them or none.
   *  Takes    lines 1..100,
   *           pieces 1..9_999 each
   *  Refuses  OUT_OF_STOCK, HOLD_GONE (its release came first)
   *  Repeats  same holdId: the same hold
   *  Undo     release */`;
  expect(page(doc)).toEqual([]);
});

it("docstrings: none", () => {
  expect(page("")[0]).toContain("contracts/inventory/stock.ts:3  Stock/reserve has no docstring");
});

it("docstrings: refusals and undo that the docstring keeps to itself", () => {
  const found = page("  /** Sets pieces aside.\n   *  Refuses  OUT_OF_STOCK */");
  expect(found[0]).toContain("refuses HOLD_GONE without saying so");
  expect(found[1]).toContain("write Undo     release");
});

it("docstrings: refusals that the card does not know", () => {
  const found = page("  /** Sets pieces aside.\n   *  Refuses  SKU_UNKNOWN */", 'who: "module"');
  expect(found[0]).toContain("says SKU_UNKNOWN, and its card does not");
});

it("docstrings: a line that begins with no word, and more than eight", () => {
  const found = page(
    "  /** Sets pieces aside.\n   *  Takes    lines\n   *  Returns  a hold */",
    'who: "module"',
  );
  expect(found[0]).toContain('"Returns  a hold" begins with no word');
  expect(page(`  /** One.\n${"   *  more\n".repeat(8)}   */`, 'who: "module"')[0]).toContain("in 9 lines");
});

it("docstrings: promises without a sentence", () => {
  expect(page("  /** Takes    lines */", 'who: "module"')[0]).toContain("does not say what it does");
});
