/** What is left in a parcel, which booking that makes, and how patient the shop is with a carrier. */
import type { LineState } from "@shopnexus/contracts/order/line";

type Planned = { readonly parcelId: string; readonly lineIds: readonly string[]; readonly choice: number };
type Line = { readonly lineId: string; readonly state: LineState; readonly shipmentId: string | null };

/** What a booking's id follows from: another carrier or other lines are another booking. */
export const bookingOf = (
  { parcelId, choice }: Planned,
  lines: readonly Pick<Line, "lineId">[],
): string[] => [parcelId, String(choice), ...lines.map(({ lineId }) => lineId)];

/**
 * Lines that are still to be sent. A carrier may have fetched them while the answer to the booking was lost: then they
 * bear the booking that all of them make.
 */
export const leftOf = <T extends Line>(
  parcel: Planned,
  lines: readonly T[],
  idOf: (...parts: readonly string[]) => string,
): T[] => {
  const own = lines.filter(({ lineId }) => parcel.lineIds.includes(lineId));
  const fetched = own.filter(
    ({ state, shipmentId }) => state === "shipped" || (state === "delivered" && shipmentId),
  );
  const waiting = own.filter(({ state, shipmentId }) => state === "confirmed" && shipmentId === null);
  const both = own.filter((line) => fetched.includes(line) || waiting.includes(line));
  const id = idOf(...bookingOf(parcel, both));
  return fetched.length > 0 && fetched.every(({ shipmentId }) => shipmentId === id) ? both : waiting;
};

/** A carrier that is in trouble is asked ever more rarely, up to sixteen times the first wait. */
const DOUBLING_COUNT_MAX = 4;
export const retryMs = (firstMs: number, tries: number): number =>
  firstMs * 2 ** Math.min(tries, DOUBLING_COUNT_MAX);
