import { describe, expect, it } from "vitest";
import { MINUTE_MS } from "@shopnexus/contracts/kit/time";
import { LineState } from "@shopnexus/contracts/order/line";
import { at, books, idOf, line, parcel, SHIPMENT, shipment } from "./proof/books.ts";
import { agendaOf } from "./rules.ts";

/** Which duties there are, and after how many minutes to look again. */
const agenda = (...given: Parameters<typeof books>) => {
  const { duties, waitMs, isOver } = agendaOf(books(...given));
  return { kinds: duties.map(({ kind }) => kind), wait: waitMs === null ? null : waitMs / MINUTE_MS, isOver };
};
const due = (...given: Parameters<typeof books>) => agendaOf(books(...given)).duties;

describe("a paid line waits for its seller", () => {
  it("until the first reminder, then the last, then it is given up", () => {
    expect(agenda(0)).toEqual({ kinds: [], wait: 50, isOver: false });
    expect(agenda(50)).toEqual({ kinds: ["remind_first"], wait: 40, isOver: false });
    const [first = ""] = due(50).map(({ key }) => key);
    expect(agenda(60, { noted: [first] })).toEqual({ kinds: [], wait: 30, isOver: false });
    expect(agenda(90, { noted: [first] })).toEqual({ kinds: ["remind_last"], wait: 10, isOver: false });
    expect(agenda(100)).toEqual({ kinds: ["expire"], wait: null, isOver: false });
  });

  it("when both reminders are due, only the last is sent", () => {
    expect(agenda(95).kinds).toEqual(["remind_last"]);
  });

  it("a reminder that would come before the wait began is none", () => {
    const late = { lines: [line({ stateAt: at(70) })] };
    expect(agenda(75, late)).toEqual({ kinds: [], wait: 15, isOver: false });
  });

  it("lines with one deadline are reminded of together, those with another on their own", () => {
    const lines = [line(), line({}, "b"), line({ dueAt: at(120), stateAt: at(20) }, "c")];
    const duties = due(72, { lines });
    expect(duties.map((one) => [one.kind, one.lines.length, one.until])).toEqual([
      ["remind_first", 2, at(100).toISOString()],
      ["remind_first", 1, at(120).toISOString()],
    ]);
    expect(new Set(duties.map(({ key }) => key)).size).toBe(2);
  });
});

describe("a backordered line waits for stock", () => {
  it("nobody is reminded; at its deadline it is given up", () => {
    const lines = [line({ state: "backordered" })];
    expect(agenda(99, { lines })).toEqual({ kinds: [], wait: 1, isOver: false });
    expect(agenda(100, { lines }).kinds).toEqual(["expire"]);
  });
});

const CONFIRMED = line({ state: "confirmed", dueAt: at(200) });
const SEALED = line({ state: "confirmed", dueAt: at(200), shipmentId: SHIPMENT });

describe("a confirmed line waits for its carrier", () => {
  it("its parcel is sent off, once; not while the buyer's bank asks for the money back", () => {
    const open = { lines: [CONFIRMED], parcels: [parcel()] };
    expect(due(10, open)).toMatchObject([{ kind: "ship", parcelId: idOf("par", "p") }]);
    expect(agenda(10, { ...open, noted: [`ship/${idOf("par", "p")}`] })).toMatchObject({
      kinds: [],
      wait: 190,
    });
    expect(agenda(10, { ...open, openChargebacks: 1 }).kinds).toEqual([]);
    expect(agenda(10, { ...open, parcels: [parcel({ state: "sealed" })] }).kinds).toEqual([]);
    expect(agenda(10, { ...open, parcels: [parcel({ lineIds: [idOf("lin", "b")] })] }).kinds).toEqual([]);
  });

  it("a parcel that nobody booked: operators are told at the deadline, at twice the time it is given up", () => {
    const open = { lines: [CONFIRMED], parcels: [parcel()], noted: [`ship/${idOf("par", "p")}`] };
    const [told] = due(200, open);
    expect(told).toMatchObject({ kind: "escalate_handover", until: at(200).toISOString() });
    const noted = [...open.noted, told?.key ?? ""];
    expect(agenda(200, { ...open, noted })).toEqual({ kinds: [], wait: 200, isOver: false });
    expect(agenda(400, { ...open, noted }).kinds).toEqual(["expire"]);
  });

  it("one that a carrier may still fetch is called off first; only then it is given up", () => {
    const booked = { lines: [SEALED], shipments: [shipment()] };
    const noted = [`escalate_handover/${SHIPMENT}/${at(200).getTime()}`];
    expect(agenda(400, { ...booked, noted }).kinds).toEqual(["call_off"]);
    const withdrawing = {
      ...booked,
      noted,
      shipments: [shipment({ state: "withdrawing", lookAt: at(410) })],
    };
    expect(agenda(400, withdrawing)).toMatchObject({ kinds: [], wait: 10 });
    expect(agenda(410, withdrawing).kinds).toEqual(["call_off"]);
    const gone = { ...booked, noted, shipments: [shipment({ state: "cancelled", lookAt: null })] };
    expect(agenda(400, gone).kinds).toEqual(["expire"]);
  });
});

const SHIPPED = line({ state: "shipped", dueAt: at(300), shipmentId: SHIPMENT });
const UNDER_WAY = { lines: [SHIPPED], shipments: [shipment({ state: "in_transit", lookAt: at(20) })] };
const TOLD = [`tell_shipped/${SHIPMENT}`];

describe("a shipped line waits for its delivery", () => {
  it("the buyer is told once; a silent carrier is asked", () => {
    expect(due(10, UNDER_WAY)).toMatchObject([{ kind: "tell_shipped", carrier: "swift", trackingId: "SW1" }]);
    expect(agenda(10, { ...UNDER_WAY, noted: TOLD })).toMatchObject({ kinds: [], wait: 10 });
    expect(agenda(20, { ...UNDER_WAY, noted: TOLD }).kinds).toEqual(["track"]);
  });

  it("operators are told at the deadline; at twice the time it counts as lost", () => {
    const shipments = [shipment({ state: "in_transit", lookAt: at(9_000) })];
    const late = { lines: [SHIPPED], shipments, noted: TOLD };
    const [told] = due(300, late);
    expect(told).toMatchObject({ kind: "escalate_transit", shipmentId: SHIPMENT });
    const noted = [...TOLD, told?.key ?? ""];
    expect(agenda(300, { ...late, noted })).toMatchObject({ kinds: [], wait: 300 });
    expect(agenda(600, { ...late, noted }).kinds).toEqual(["expire"]);
  });

  it.each(["lost", "returned"] as const)(
    "a parcel that is %s is given up at once, fetched before or not",
    (state) => {
      for (const one of [SHIPPED, SEALED]) {
        const { kinds } = agenda(1, {
          lines: [one],
          shipments: [shipment({ state, lookAt: null })],
          noted: TOLD,
        });
        expect(kinds).toEqual(["expire"]);
      }
    },
  );
});

const DELIVERED = line({ state: "delivered", dueAt: at(70), claimUntil: at(500), shipmentId: SHIPMENT });
const THERE = { shipments: [shipment({ state: "delivered", lookAt: null })] };
const BOTH_TOLD = [...TOLD, `tell_delivered/${SHIPMENT}/${at(500).getTime()}`];

describe("a delivered line waits for the end of its window", () => {
  it("the buyer is told; then its money is released; then only the right to claim has to end", () => {
    expect(agenda(1, { ...THERE, lines: [DELIVERED] }).kinds).toEqual(["tell_shipped", "tell_delivered"]);
    const told = { ...THERE, lines: [DELIVERED], noted: BOTH_TOLD };
    expect(agenda(1, told)).toEqual({ kinds: [], wait: 69, isOver: false });
    expect(agenda(70, told).kinds).toEqual(["release"]);
    const end = { state: "fulfilled", dueAt: null, escrowMinor: 0, releasedMinor: 1_000 } as const;
    const fulfilled = line({ ...DELIVERED, ...end });
    const paid = { ...THERE, lines: [fulfilled], noted: BOTH_TOLD };
    expect(agenda(71, paid)).toEqual({ kinds: [], wait: 429, isOver: false });
    expect(agenda(500, paid)).toEqual({ kinds: [], wait: null, isOver: true });
  });

  it("lines that were delivered at another time are told of again", () => {
    const later = line({ ...DELIVERED, claimUntil: at(600) }, "b");
    const duties = due(1, { ...THERE, lines: [DELIVERED, later], noted: BOTH_TOLD });
    expect(duties).toMatchObject([{ kind: "tell_delivered", until: at(600).toISOString(), lines: [{}] }]);
  });

  it("what is asked back is left alone, while the rest is released", () => {
    const lines = [line({ ...DELIVERED, state: "refunding", resumeState: "delivered" }, "b"), DELIVERED];
    const [release, ...others] = due(80, { ...THERE, lines, noted: BOTH_TOLD });
    expect(others).toEqual([]);
    expect(release).toMatchObject({ kind: "release", lines: [{ lineId: DELIVERED.lineId }] });
  });

  it("money that comes back to escrow after the end of the window is released under a key of its own", () => {
    const back = line({ ...DELIVERED, state: "fulfilled", escrowMinor: 300, releasedMinor: 700 });
    const keys = [7, 8].map(
      (version) => due(80, { ...THERE, version, lines: [back], noted: BOTH_TOLD })[0]?.key,
    );
    expect(new Set(keys).size).toBe(2);
  });
});

describe("lines that came to nothing", () => {
  const cancelled = line({ state: "cancelled", reason: "buyer_cancelled", dueAt: null });

  it("their money and their pieces go back, reason by reason, each under a key of its own", () => {
    const rejected = line(
      { state: "rejected", reason: "seller_rejected", decisionNote: "No.", dueAt: null },
      "b",
    );
    const duties = due(1, { lines: [cancelled, rejected] });
    expect(duties).toMatchObject([
      { kind: "give_back", reason: "buyer_cancelled", note: null },
      { kind: "give_back", reason: "seller_rejected", note: "No." },
    ]);
    expect(new Set(duties.map(({ key }) => key)).size).toBe(2);
  });

  it("what cost nothing goes back to stock all the same; the pieces of a lost parcel do not", () => {
    const free = { paidMinor: 0, escrowMinor: 0, totalMinor: 0 };
    expect(agenda(1, { lines: [line({ ...cancelled, ...free })] }).kinds).toEqual(["give_back"]);
    expect(agenda(1, { lines: [line({ ...cancelled, ...free, reason: "parcel_lost" })] })).toMatchObject({
      kinds: [],
      isOver: true,
    });
  });

  it("when both are back it is over", () => {
    const done = line({ ...cancelled, escrowMinor: 0, returnedMinor: 1_000, piecesBack: 2 });
    expect(agenda(1, { lines: [done] })).toEqual({ kinds: [], wait: null, isOver: true });
    expect(agenda(1, { lines: [done], openChargebacks: 1 }).isOver).toBe(false);
    const withdrawing = [shipment({ state: "withdrawing", lookAt: at(9) })];
    expect(agenda(1, { lines: [done], shipments: withdrawing })).toMatchObject({ isOver: false, wait: 8 });
  });

  it("what a bank gives back of them goes to the buyer too", () => {
    const back = line({ ...cancelled, piecesBack: 2 });
    expect(agenda(1, { lines: [back] }).kinds).toEqual(["give_back"]);
  });
});

describe("every waiting state", () => {
  const WAITS: ReadonlySet<LineState> = new Set(["paid", "backordered", "confirmed", "shipped", "delivered"]);

  it.each(LineState.options)("%s: has a deadline of its own, waits for news alone, or is over", (state) => {
    const shipments = [shipment({ state: "in_transit", lookAt: null })];
    const lines = [line({ state, shipmentId: state === "confirmed" ? null : SHIPMENT, dueAt: at(100) })];
    const { wait } = agenda(1, { lines, shipments, noted: TOLD });
    expect(wait !== null).toBe(WAITS.has(state));
  });
});
