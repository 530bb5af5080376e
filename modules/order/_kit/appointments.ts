/** Duties and the times at which they fall due. */
import type { Duty } from "@shopnexus/contracts/order/duties";
import type { LineFacts } from "./fates.ts";

/** Something that falls due; without a duty it is only a reason to look again. */
export type Appointment = { readonly atMs: number; readonly duty: Duty | null };
type Particulars = Partial<Omit<Duty, "kind" | "key" | "lines">>;

export const dutyOf =
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

export const msOf = (at: Date | null): number => at?.getTime() ?? 0;

export const groupsBy = <T, K>(items: readonly T[], keyOf: (item: T) => K): Array<[K, T[]]> => [
  ...Map.groupBy(items, keyOf),
];
