import { describe, expect, it } from "vitest";
import { LineState } from "@shopnexus/contracts/order/line";
import { from, isOver, type LineEvent, next, orderState, orderTab, TRANSITIONS } from "./states.ts";

/** The table once more, as a person would draw it: an event a row, where it leads from each state. */
const DRAWN: Readonly<Record<LineEvent, string>> = {
  pay: "awaiting_payment>paid",
  pay_backordered: "awaiting_payment>backordered",
  undo: "awaiting_payment>cancelled",
  arrive: "backordered>paid",
  confirm: "paid>confirmed",
  reject: "paid>rejected backordered>rejected",
  cancel: "paid>cancelled backordered>cancelled",
  expire: "paid>cancelled backordered>cancelled confirmed>cancelled",
  ship: "confirmed>shipped",
  deliver: "confirmed>delivered shipped>delivered refunding>refunding",
  lose: "confirmed>cancelled shipped>cancelled",
  fulfil: "delivered>fulfilled",
  claim: "shipped>refunding delivered>refunding fulfilled>refunding",
  claim_settled: "refunding>refunded",
  claim_closed: "refunding>resume",
  charge_back: [
    "paid>refunded backordered>refunded confirmed>refunded shipped>refunded",
    "delivered>refunded fulfilled>refunded refunding>refunded",
  ].join(" "),
};
const EVENTS = Object.keys(DRAWN) as LineEvent[];

describe("the states of a line", () => {
  it.each(LineState.options.flatMap((state) => EVENTS.map((event) => [state, event] as const)))(
    "%s, %s: leads where it is drawn to, and nowhere else",
    (state, event) => {
      const way = DRAWN[event].split(" ").find((one) => one.startsWith(`${state}>`));
      expect(next(state, event)).toBe(way?.split(">")[1]);
    },
  );

  it("every way in the table is drawn", () => {
    const ways = Object.values(TRANSITIONS).flatMap((row) => Object.keys(row));
    expect(ways).toHaveLength(EVENTS.flatMap((event) => DRAWN[event].split(" ")).length);
  });

  it.each(EVENTS)("%s: `from` gives the states that it leads somewhere from", (event) => {
    expect(from(event)).toEqual(LineState.options.filter((state) => next(state, event) !== undefined));
  });

  it("what is over stays so", () => {
    const over = LineState.options.filter(isOver);
    expect(over).toEqual(["rejected", "cancelled", "refunded"]);
    for (const state of over) for (const event of EVENTS) expect(next(state, event)).toBeUndefined();
  });

  it("every other state has a way on", () => {
    for (const state of LineState.options.filter((one) => !isOver(one)))
      expect(Object.keys(TRANSITIONS[state])).not.toEqual([]);
  });
});

const lines = (...states: LineState[]) => states.map((state) => ({ state, resumeState: null }));

describe("the state of an order", () => {
  it.each([
    [["paid", "delivered"], "paid"],
    [["backordered", "confirmed"], "paid"],
    [["confirmed", "shipped"], "confirmed"],
    [["shipped", "fulfilled", "rejected"], "shipped"],
    [["delivered", "fulfilled"], "delivered"],
    [["fulfilled", "cancelled"], "fulfilled"],
    [["cancelled", "rejected"], "cancelled"],
    [["cancelled", "refunded"], "refunded"],
  ] as const)("%j is %s: the line that has furthest to go counts", (states, state) => {
    expect(orderState(lines(...states))).toBe(state);
  });

  it("a line that is asked back still is where it was", () => {
    expect(orderState([{ state: "refunding", resumeState: "shipped" }])).toBe("shipped");
  });
});

describe("where people find an order", () => {
  it.each([
    [["paid", "refunding"], 0, "in_dispute"],
    [["fulfilled"], 1, "in_dispute"],
    [["paid", "shipped"], 0, "to_confirm"],
    [["backordered", "shipped"], 0, "pending"],
    [["confirmed"], 0, "pending"],
    [["shipped", "delivered"], 0, "in_transit"],
    [["delivered", "fulfilled"], 0, "completed"],
    [["rejected", "refunded"], 0, "cancelled"],
  ] as const)("%j with %i chargebacks: %s", (states, chargebacks, tab) => {
    expect(orderTab(lines(...states), chargebacks)).toBe(tab);
  });
});
