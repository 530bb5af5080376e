/** What may become of a serial number, and what a line that was here before is told. */
import { SerialRefusals } from "@shopnexus/contracts/inventory/serial";
import { CommonRefusals, type RefusalError, refuse } from "@shopnexus/contracts/kit/refusal";

/** The one table of what leads from each state of a serial number to which. */
export const TRANSITIONS = {
  take: { from: "free", to: "taken" },
  putBack: { from: "taken", to: "free" },
} as const;

/** What became of a line's serial numbers. */
export type Take = { readonly state: "taken" | "back"; readonly serials: readonly string[] };

/** What a take answers whose line was here before: the same again, or that they were put back. */
export const againOf = ({ state, serials }: Take): { serials: string[] } | RefusalError =>
  state === "taken" ? { serials: [...serials] } : refuse(SerialRefusals.SERIALS_GONE, {});

/** The position that a cursor names; one that is not ours is a mistake of the caller's. */
export const positionIn = (cursor: string | undefined): number => {
  if (cursor === undefined) return 0;
  if (/^[1-9][0-9]{0,15}$/.test(cursor)) return Number(cursor);
  const says = "this is not the `next` of a page of serial numbers";
  throw refuse(CommonRefusals.INVALID_INPUT, { issues: [{ path: "after", says }] });
};
