import { describe, expect, it } from "vitest";
import { isRefusal } from "@shopnexus/contracts/kit/refusal";
import { LineRefusals, type LineState } from "@shopnexus/contracts/order/line";
import { isConfirmed, isReceived, itemsOf, type Known, reached, versionOf } from "./rules.ts";

const line = (lineId: string, state: LineState, stateVersion = 0): Known => ({
  lineId,
  state,
  reason: null,
  stateVersion,
});
const confirming = { may: ({ state }: Known) => state === "paid", did: isConfirmed };
const idsOf = (lines: readonly Known[]) => lines.map(({ lineId }) => lineId);
const refusedBy = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe("reached", () => {
  const lines = [line("a", "paid"), line("b", "confirmed"), line("c", "cancelled"), line("d", "backordered")];

  it("where none are named: all that it can happen to, and those it happened to before", () => {
    const { able, known } = reached(lines, undefined, confirming);
    expect([idsOf(able), idsOf(known)]).toEqual([["a"], ["b"]]);
  });

  it("of those named all or none (LINES_DECIDED): the refusal says how the others stand", () => {
    const error = refusedBy(() => reached(lines, ["a", "c", "d"], confirming));
    expect(isRefusal(error, LineRefusals.LINES_DECIDED) && error.data).toEqual({
      lines: [
        { lineId: "c", state: "cancelled", reason: null },
        { lineId: "d", state: "backordered", reason: null },
      ],
    });
  });

  it("a repeat is no second decision: what it happened to before is known, and not able", () => {
    const { able, known } = reached(lines, ["b"], confirming);
    expect([able, idsOf(known)]).toEqual([[], ["b"]]);
  });

  it("a line of another order is unknown (LINE_UNKNOWN); one named twice is one", () => {
    expect(refusedBy(() => reached(lines, ["a", "x"], confirming))).toMatchObject({ code: "LINE_UNKNOWN" });
    expect(idsOf(reached(lines, ["a", "a"], confirming).able)).toEqual(["a"]);
  });

  it("where nothing is left to decide, that is said (LINES_DECIDED)", () => {
    const over = [line("a", "cancelled"), line("b", "rejected")];
    expect(refusedBy(() => reached(over, undefined, confirming))).toMatchObject({ code: "LINES_DECIDED" });
  });
});

describe("what lines have been through", () => {
  const through = (judge: (of: Known) => boolean) =>
    (
      [
        "paid",
        "backordered",
        "confirmed",
        "shipped",
        "delivered",
        "fulfilled",
        "refunding",
        "cancelled",
      ] as const
    ).filter((state) => judge(line("a", state)));

  it("confirmed: whatever came after it, unless that took it back", () => {
    expect(through(isConfirmed)).toEqual(["confirmed", "shipped", "delivered", "fulfilled", "refunding"]);
  });

  it("received: the buyer has it, or had it", () => {
    expect(through(isReceived)).toEqual(["delivered", "fulfilled", "refunding"]);
  });

  it("the version of the latest change", () => {
    expect(versionOf([line("a", "paid", 3), line("b", "paid", 7)])).toBe(7);
    expect(versionOf([])).toBe(0);
  });
});

describe("itemsOf", () => {
  const all = [{ position: 0 }, { position: 2 }, { position: 3 }];
  it("all lines need no names; some are told by their places in the checkout", () => {
    expect(itemsOf(all, all)).toBe("");
    expect(itemsOf([{ position: 3 }, { position: 0 }], all)).toBe("items 1, 4 of the checkout");
    expect(itemsOf([{ position: 2 }], all)).toBe("item 3 of the checkout");
  });
});
