/** What the shop has to do about the parcels of an order: send them off, follow them, tell of them. */
import { instant } from "@shopnexus/contracts/kit/time";
import { isTracked, isUnderWay } from "../shipment/rules.ts";
import { type Appointment, dutyOf, groupsBy, msOf } from "./appointments.ts";
import { type Books, type LineFacts, type ShipmentFacts, shipmentOf } from "./fates.ts";

/** Parcels whose run has not begun. Nothing is sent out while the buyer's bank asks for the money back. */
export const parcelsToSend = ({ parcels, lines, notes, openChargebacks }: Books): Appointment[] =>
  parcels.flatMap(({ parcelId, lineIds, state }) => {
    const own = lines.filter(
      (line) => lineIds.includes(line.lineId) && line.state === "confirmed" && line.shipmentId === null,
    );
    const key = `ship/${parcelId}`;
    if (state !== "waiting" || own.length === 0 || openChargebacks > 0 || notes.has(key)) return [];
    return [{ atMs: 0, duty: dutyOf("ship", key, own)({ parcelId }) }];
  });

/** Bookings to be called off, at last or once more; and parcels that nothing was heard of. */
export const bookingsToMind = (books: Books): Appointment[] =>
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
export const escalations = (books: Books): Appointment[] => {
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
export const tidings = ({ lines, shipments, notes }: Books): Appointment[] =>
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

const isOnItsWay = ({ state, resumeState }: LineFacts): boolean =>
  state === "confirmed" || state === "shipped" || (state === "refunding" && resumeState === "shipped");

const hasLeft = ({ state, claimUntil }: LineFacts, shipment: ShipmentFacts): boolean =>
  state === "shipped" || claimUntil !== null || (state === "refunding" && isUnderWay(shipment.state));
