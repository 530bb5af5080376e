/** What the shop has to do for an order now, and when to look again: rows and a clock in, duties out. */
import type { Out } from "@shopnexus/contracts/kit/contract";
import { instant } from "@shopnexus/contracts/kit/time";
import type { Duties, Duty } from "@shopnexus/contracts/order/duties";
import { isUnderWay, isTracked } from "../shipment/rules.ts";
import {
  type Books,
  fateOf,
  isOwed,
  isPayable,
  type LineFacts,
  lineEndMs,
  type ShipmentFacts,
  shipmentOf,
} from "../_kit/fates.ts";

/** Something that falls due; without a duty it is only a reason to look again. */
type Appointment = { readonly atMs: number; readonly duty: Duty | null };
type Agenda = Pick<Out<typeof Duties, "list">, "duties" | "waitMs" | "isOver">;

/** Ordered as they have to be done: what was bought is settled before anybody is told. */
export const agendaOf = (books: Books): Agenda => {
  const nowMs = books.now.getTime();
  const appointments = [
    ...reminders(books),
    ...expiries(books),
    ...parcelsToSend(books),
    ...bookingsToMind(books),
    ...escalations(books),
    ...tidings(books),
    ...moneyToMove(books),
    ...ends(books),
  ];
  const duties = appointments.flatMap(({ atMs, duty }) => (atMs <= nowMs && duty !== null ? [duty] : []));
  const later = appointments.filter(({ atMs }) => atMs > nowMs).map(({ atMs }) => atMs - nowMs);
  return {
    duties,
    waitMs: later.length === 0 ? null : Math.min(...later),
    isOver: duties.length === 0 && isFinished(books),
  };
};

type Particulars = Partial<Omit<Duty, "kind" | "key" | "lines">>;

const dutyOf =
  (kind: Duty["kind"], key: string, lines: readonly LineFacts[]) =>
  (rest: Particulars = {}): Duty => ({
    kind,
    key,
    lines: lines.map(({ lineId, skuId, title, pieces }) => ({ lineId, skuId, title, pieces })),
    reason: null,
    note: null,
    parcelId: null,
    shipmentId: null,
    carrier: null,
    trackingId: null,
    until: null,
    ...rest,
  });

/** The seller is reminded twice of each deadline; a reminder that would come before the wait began is none. */
const reminders = ({ lines, notes, now, deadlines }: Books): Appointment[] => {
  const waiting = lines.filter(({ state, dueAt }) => state === "paid" && dueAt !== null && dueAt > now);
  return groupsBy(waiting, ({ dueAt }) => dueAt?.getTime() ?? 0).flatMap(([dueMs, own]) => {
    const sinceMs = Math.min(...own.map(({ stateAt }) => stateAt.getTime()));
    const lastMs = dueMs - deadlines.remindLastMs;
    const kinds = [
      { kind: "remind_first", atMs: dueMs - deadlines.remindFirstMs, isMoot: lastMs <= now.getTime() },
      { kind: "remind_last", atMs: lastMs, isMoot: false },
    ] as const;
    return kinds.flatMap(({ kind, atMs, isMoot }) => {
      const key = `${kind}/${dueMs}`;
      if (isMoot || atMs <= sinceMs || notes.has(key)) return [];
      return [{ atMs, duty: dutyOf(kind, key, own)({ until: instant(dueMs) }) }];
    });
  });
};

/** Lines that nobody took care of in time; each is judged again when it is done. */
const expiries = (books: Books): Appointment[] => {
  const fated = books.lines.flatMap((line) => {
    const atMs = lineEndMs(line, books);
    return atMs === null ? [] : [{ line, atMs }];
  });
  const due = fated.filter(({ line }) => fateOf(line, books) !== undefined);
  const duty = dutyOf(
    "expire",
    `${books.orderId}/expire/${books.version}`,
    due.map(({ line }) => line),
  );
  const now = due.length === 0 ? [] : [{ atMs: 0, duty: duty() }];
  return [...now, ...fated.map(({ atMs }) => ({ atMs, duty: null }))];
};

/** Parcels whose run has not begun. Nothing is sent out while the buyer's bank asks for the money back. */
const parcelsToSend = ({ parcels, lines, notes, openChargebacks }: Books): Appointment[] =>
  parcels.flatMap(({ parcelId, lineIds, state }) => {
    const own = lines.filter(
      (line) => lineIds.includes(line.lineId) && line.state === "confirmed" && line.shipmentId === null,
    );
    const key = `ship/${parcelId}`;
    if (state !== "waiting" || own.length === 0 || openChargebacks > 0 || notes.has(key)) return [];
    return [{ atMs: 0, duty: dutyOf("ship", key, own)({ parcelId }) }];
  });

/** Bookings to be called off, at last or once more; and parcels that nothing was heard of. */
const bookingsToMind = (books: Books): Appointment[] =>
  books.shipments.flatMap((shipment): Appointment[] => {
    const { shipmentId, state, lookAt } = shipment;
    const own = books.lines.filter((line) => line.shipmentId === shipmentId);
    if (state === "withdrawing")
      return [
        { atMs: msOf(lookAt), duty: dutyOf("call_off", `call_off/${shipmentId}`, own)({ shipmentId }) },
      ];
    const isAwaited = own.some((line) => isOnItsWay(line));
    if (!isTracked(state) || !isAwaited || lookAt === null) return [];
    return [{ atMs: msOf(lookAt), duty: dutyOf("track", `track/${shipmentId}`, own)({ shipmentId }) }];
  });

/** The carrier is late: operators are told once. When a parcel was not fetched in twice the time it is called off. */
const escalations = (books: Books): Appointment[] => {
  const { lines, notes, deadlines } = books;
  const late = lines.filter(
    ({ state, dueAt }) => (state === "confirmed" || state === "shipped") && dueAt !== null,
  );
  return groupsBy(late, (line) => `${line.state}/${msOf(line.dueAt)}/${line.shipmentId}`).flatMap(
    ([, own]) => {
      const [one] = own;
      if (one === undefined) return [];
      const dueMs = msOf(one.dueAt);
      const { shipmentId } = one;
      const kind = one.state === "confirmed" ? "escalate_handover" : "escalate_transit";
      const key = `${kind}/${shipmentId ?? "unsent"}/${dueMs}`;
      const told = notes.has(key)
        ? []
        : [{ atMs: dueMs, duty: dutyOf(kind, key, own)({ shipmentId, until: instant(dueMs) }) }];
      const booked = shipmentOf(one, books);
      if (one.state !== "confirmed" || booked === undefined || booked.state !== "booked") return told;
      const callOff = dutyOf(
        "call_off",
        `call_off/${booked.shipmentId}`,
        own,
      )({ shipmentId: booked.shipmentId });
      return [...told, { atMs: dueMs + deadlines.handoverMs, duty: callOff }];
    },
  );
};

/** News for the buyer, once each: the parcel is on its way, it is there. */
const tidings = ({ lines, shipments, notes }: Books): Appointment[] =>
  shipments.flatMap((shipment) => {
    const own = lines.filter((line) => line.shipmentId === shipment.shipmentId);
    const { shipmentId, trackingId, carrier } = shipment;
    const tell = (
      kind: "tell_shipped" | "tell_delivered",
      told: { key: string; own: readonly LineFacts[] },
    ) => {
      if (told.own.length === 0 || notes.has(told.key)) return [];
      const until = told.own[0]?.claimUntil ?? null;
      const rest = { shipmentId, trackingId, carrier, until: until && instant(until.getTime()) };
      return [{ atMs: 0, duty: dutyOf(kind, told.key, told.own)(rest) }];
    };
    const there = own.filter(({ claimUntil }) => claimUntil !== null);
    const gone = own.filter((line) => hasLeft(line, shipment));
    return [
      ...tell("tell_shipped", { key: `tell_shipped/${shipmentId}`, own: gone }),
      ...groupsBy(there, ({ claimUntil }) => msOf(claimUntil)).flatMap(([ms, some]) =>
        tell("tell_delivered", { key: `tell_delivered/${shipmentId}/${ms}`, own: some }),
      ),
    ];
  });

/** Money that is nobody's any more goes back to the buyer; what the window is over for goes to the seller. */
const moneyToMove = (books: Books): Appointment[] => {
  const { orderId, version } = books;
  const owed = books.lines.filter((line) => isOwed(line, books));
  const back = groupsBy(owed, ({ reason, decisionNote, shipmentId }) =>
    [reason, decisionNote, shipmentId].join("/"),
  ).map(([, own], at) => {
    const { reason = null, decisionNote: note = null } = own[0] ?? {};
    const trackingId = (own[0] && shipmentOf(own[0], books)?.trackingId) ?? null;
    const duty = dutyOf("give_back", `${orderId}/back/${version}/${at}`, own)({ reason, note, trackingId });
    return { atMs: 0, duty };
  });
  const payable = books.lines.filter((line) => isPayable(line, books));
  const due = payable.filter(
    ({ state, dueAt }) => state !== "delivered" || msOf(dueAt) <= books.now.getTime(),
  );
  const release = dutyOf("release", `${orderId}/release/${version}`, due)();
  return [
    ...back,
    ...(due.length === 0 ? [] : [{ atMs: 0, duty: release }]),
    ...payable.map(({ dueAt }) => ({ atMs: msOf(dueAt), duty: null })),
  ];
};

/** The buyer's right to ask for money back ends. */
const ends = ({ lines }: Books): Appointment[] =>
  lines.flatMap(({ state, claimUntil }) =>
    state === "fulfilled" && claimUntil !== null ? [{ atMs: claimUntil.getTime(), duty: null }] : [],
  );

/** Nothing can become of it any more. */
const isFinished = ({ lines, shipments, openChargebacks, now }: Books): boolean =>
  openChargebacks === 0 &&
  shipments.every(({ state }) => state !== "withdrawing") &&
  lines.every(
    ({ state, claimUntil }) =>
      ["rejected", "cancelled", "refunded"].includes(state) ||
      (state === "fulfilled" && (claimUntil === null || claimUntil <= now)),
  );

const isOnItsWay = ({ state, resumeState }: LineFacts): boolean =>
  state === "confirmed" || state === "shipped" || (state === "refunding" && resumeState === "shipped");

const hasLeft = ({ state, claimUntil }: LineFacts, shipment: ShipmentFacts): boolean =>
  state === "shipped" || claimUntil !== null || (state === "refunding" && isUnderWay(shipment.state));

const msOf = (at: Date | null): number => at?.getTime() ?? 0;

const groupsBy = <T, K>(items: readonly T[], keyOf: (item: T) => K): Array<[K, T[]]> => [
  ...Map.groupBy(items, keyOf),
];
