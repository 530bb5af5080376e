export const STATUSES = [
  "booked",
  "picked_up",
  "in_transit",
  "out_for_delivery",
  "failed_attempt",
  "delivered",
  "returned",
  "lost",
  "cancelled",
] as const;
export type Status = (typeof STATUSES)[number];

const ENDS = ["delivered", "returned", "lost"] as const;

/** What may come next. Scans are missed, so any later stop may; a lost parcel may turn up again. */
const NEXT: Readonly<Record<Status, readonly Status[]>> = {
  booked: ["picked_up", "in_transit", "out_for_delivery", "failed_attempt", ...ENDS, "cancelled"],
  picked_up: ["in_transit", "out_for_delivery", "failed_attempt", ...ENDS],
  in_transit: ["out_for_delivery", "failed_attempt", ...ENDS],
  out_for_delivery: ["failed_attempt", ...ENDS],
  failed_attempt: ["in_transit", "out_for_delivery", ...ENDS],
  lost: ["in_transit", "out_for_delivery", "delivered", "returned"],
  delivered: [],
  returned: [],
  cancelled: [],
};

/** How a parcel goes when nothing happens to it. */
const USUAL: Partial<Record<Status, Status>> = {
  booked: "picked_up",
  picked_up: "in_transit",
  in_transit: "out_for_delivery",
  out_for_delivery: "delivered",
  failed_attempt: "out_for_delivery",
};

export const mayFollow = (before: Status, after: Status): boolean => NEXT[before].includes(after);

export const usuallyNext = (status: Status): Status | undefined => USUAL[status];
