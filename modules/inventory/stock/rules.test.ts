import { isRefusal, RefusalError } from "@shopnexus/contracts/kit/refusal";
import { StockRefusals } from "@shopnexus/contracts/inventory/stock";
import { describe, expect, it } from "vitest";
import {
  commitOutcome,
  type HoldRow,
  inLockOrder,
  isRestockable,
  positionIn,
  repeatOf,
  sharesOf,
  shortageIn,
} from "./rules.ts";

const line = (skuId: string, pieces = 1) => ({ skuId, pieces });
const hold = (rest: Partial<HoldRow> = {}): HoldRow => ({
  state: "held",
  skuIds: ["a", "b"],
  pieces: [1, 2],
  expiresAt: "2026-01-31T12:00:00Z",
  isRestocked: false,
  waits: [],
  ...rest,
});
const tombstone = hold({ state: "released", skuIds: [], pieces: [], expiresAt: null });
const asked = [line("a", 1), line("b", 2)];

describe("inLockOrder", () => {
  it("gives the same order whatever the order asked", () => {
    expect(inLockOrder([line("b"), line("a")])).toEqual(inLockOrder([line("a"), line("b")]));
  });

  it("refuses two lines for one SKU: INVALID_INPUT", () => {
    expect(() => inLockOrder([line("a"), line("b"), line("a")])).toThrow(
      expect.objectContaining({ code: "INVALID_INPUT" }),
    );
  });
});

describe("repeatOf", () => {
  it("answers with the same hold while it is held or committed", () => {
    expect(repeatOf(hold(), asked)).toBe("2026-01-31T12:00:00Z");
    expect(repeatOf(hold({ state: "committed" }), asked)).toBe("2026-01-31T12:00:00Z");
  });

  it.each(["released", "expired"] as const)("refuses one that was %s: HOLD_GONE", (state) => {
    expect(repeatOf(hold({ state }), asked)).toMatchObject({ code: "HOLD_GONE", data: { state } });
  });

  it("refuses a tombstone whatever the lines: HOLD_GONE", () => {
    expect(repeatOf(tombstone, asked)).toMatchObject({ code: "HOLD_GONE" });
  });

  it.each([
    ["fewer lines", [line("a", 1)]],
    ["more lines", [...asked, line("c")]],
    ["another SKU", [line("a", 1), line("c", 2)]],
    ["other pieces", [line("a", 1), line("b", 3)]],
  ])("refuses %s under the same id: HOLD_DIFFERS", (_what, lines) => {
    expect(repeatOf(hold(), lines)).toMatchObject({ code: "HOLD_DIFFERS" });
  });
});

describe("shortageIn", () => {
  it("lists every line that is short, and none that is not: OUT_OF_STOCK", () => {
    const refused = shortageIn([
      { skuId: "a", wanted: 2, available: 1 },
      { skuId: "b", wanted: 2, available: 2 },
      { skuId: "c", wanted: 1, available: 0 },
    ]);
    expect(isRefusal(refused, StockRefusals.OUT_OF_STOCK) && refused.data.short).toEqual([
      { skuId: "a", wanted: 2, available: 1 },
      { skuId: "c", wanted: 1, available: 0 },
    ]);
  });

  it("names SKUs without a level before those that are short: SKU_UNKNOWN", () => {
    const refused = shortageIn([
      { skuId: "a", wanted: 2, available: null },
      { skuId: "b", wanted: 2, available: 0 },
    ]);
    expect(refused).toMatchObject({ code: "SKU_UNKNOWN", data: { skuIds: ["a"] } });
  });

  it("has nothing to say when all lines fit", () => {
    expect(shortageIn([{ skuId: "a", wanted: 2, available: 2 }])).toBeUndefined();
  });
});

describe("commitOutcome", () => {
  it("is done when it was done before", () => {
    expect(commitOutcome(hold({ state: "committed" }))).toBe("done");
  });

  it("tries again when the hold was written in between", () => {
    expect(commitOutcome(hold())).toBe("again");
  });

  it.each([
    ["unknown", undefined],
    ["released", tombstone],
    ["expired", hold({ state: "expired" })],
    ["restocked", hold({ isRestocked: true })],
  ])("refuses a hold that is %s: HOLD_GONE", (state, row) => {
    const refused = commitOutcome(row);
    expect(refused).toBeInstanceOf(RefusalError);
    expect(refused).toMatchObject({ code: "HOLD_GONE", data: { state } });
  });
});

describe("isRestockable", () => {
  it("is a hold that is sold, or held and never restocked", () => {
    expect(isRestockable(hold({ state: "committed" }))).toBe(true);
    expect(isRestockable(hold())).toBe(true);
  });

  it("is not one that a restock took back, that is gone or that never was", () => {
    for (const row of [hold({ isRestocked: true }), hold({ state: "expired" }), tombstone, undefined]) {
      expect(isRestockable(row)).toBe(false);
    }
  });
});

describe("positionIn", () => {
  it("reads back what a page gave", () => {
    expect([positionIn(undefined), positionIn("17")]).toEqual([undefined, 17]);
  });

  it.each(["", "0", "-1", "1e3", "mov_1"])(
    "refuses a cursor of another make, %j: INVALID_INPUT",
    (cursor) => {
      expect(() => positionIn(cursor)).toThrow(expect.objectContaining({ code: "INVALID_INPUT" }));
    },
  );
});

describe("sharesOf", () => {
  const backorder = { orderId: "o", lineId: "l" };
  const shelf = (skuId: string, available: number, takesBackorders = true) => ({
    skuId,
    available,
    takesBackorders,
  });

  it("holds what fits and lets wait what may", () => {
    const [plenty, short] = [line("a", 2), { ...line("b", 2), backorder }];
    expect(sharesOf([plenty, short], [shelf("a", 2, false), shelf("b", 1)])).toEqual({
      held: [plenty],
      waiting: [short],
    });
    expect(sharesOf([short], [shelf("b", 2)])).toEqual({ held: [short], waiting: [] });
  });

  it.each([
    ["of a line that may not wait", line("a", 2), [shelf("a", 1)], "OUT_OF_STOCK"],
    [
      "of a seller who takes no backorders",
      { ...line("a"), backorder },
      [shelf("a", 0, false)],
      "OUT_OF_STOCK",
    ],
    ["of a SKU without a level", { ...line("a"), backorder }, [], "SKU_UNKNOWN"],
  ])("holds nothing for the sake %s: %s", (_why, short, shelves, code) => {
    const answer = sharesOf([line("z"), short], [shelf("z", 9), ...shelves]);
    expect(answer).toMatchObject({ code });
  });
});

describe("repeatOf, with lines that wait", () => {
  const waits = [{ skuId: "c", pieces: 3, lineId: "l" }];
  const again = (lineId: string | undefined, pieces = 3) =>
    repeatOf(hold({ waits }), [
      ...asked,
      { ...line("c", pieces), ...(lineId !== undefined && { backorder: { orderId: "o", lineId } }) },
    ]);

  it("is the same hold for the same lines, and another one for others", () => {
    expect(again("l")).toBe("2026-01-31T12:00:00Z");
    for (const answer of [again("l", 2), again("m"), again(undefined), repeatOf(hold({ waits }), asked)]) {
      expect(answer).toMatchObject({ code: "HOLD_DIFFERS" });
    }
  });
});
