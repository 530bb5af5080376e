/** What the shop has to do for an order now, and when to look again: rows and a clock in, duties out. */
import type { Out } from "@shopnexus/contracts/kit/contract";
import { instant } from "@shopnexus/contracts/kit/time";
import type { Duties } from "@shopnexus/contracts/order/duties";
import { type Appointment, dutyOf, groupsBy, msOf } from "../_kit/appointments.ts";
import { bookingsToMind, escalations, parcelsToSend, tidings } from "../_kit/parcel-duties.ts";
import { type Books, fateOf, isOwed, isPayable, lineEndMs, shipmentOf } from "../_kit/fates.ts";

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

/** Money that is nobody's any more goes back to the buyer; what the window is over for goes to the seller. */
const moneyToMove = (books: Books): Appointment[] => {
  const { orderId, version } = books;
  const owed = books.lines.filter(isOwed);
  const back = groupsBy(owed, ({ reason, decisionNote, shipmentId }) =>
    [reason, decisionNote, shipmentId].join("/"),
  ).map(([, own], at) => {
    const { reason = null, decisionNote: note = null } = own[0] ?? {};
    const trackingId = (own[0] && shipmentOf(own[0], books)?.trackingId) ?? null;
    const duty = dutyOf("give_back", `${orderId}/back/${version}/${at}`, own)({ reason, note, trackingId });
    return { atMs: 0, duty };
  });
  const payable = books.lines.filter(isPayable);
  const due = payable.filter(
    ({ state, dueAt }) => state !== "delivered" || msOf(dueAt) <= books.now.getTime(),
  );
  const release = dutyOf("release", `${orderId}/release/${version}`, due)();
  return [
    ...back,
    ...(due.length === 0 ? [] : [{ atMs: 0, duty: release }]),
    ...payable.flatMap(({ state, dueAt }) =>
      state === "delivered" ? [{ atMs: msOf(dueAt), duty: null }] : [],
    ),
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
