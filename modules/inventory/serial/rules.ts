/** What may become of a serial number, and what a line that was here before is told. */
import { type SerialEvent, SerialRefusals, type SerialState } from "@shopnexus/contracts/inventory/serial";
import { CommonRefusals, type RefusalError, refuse } from "@shopnexus/contracts/kit/refusal";

/** The one table of what leads from each state of a serial number to which; null: it cannot be said of that state. */
export const TRANSITIONS: Readonly<
  Record<Exclude<SerialEvent, "add">, Readonly<Record<SerialState, SerialState | null>>>
> = {
  take: { free: "taken", taken: null, shipped: null, returned: null, damaged: null, void: null },
  ship: { free: null, taken: "shipped", shipped: null, returned: null, damaged: null, void: null },
  putBack: { free: null, taken: "free", shipped: "returned", returned: null, damaged: null, void: null },
  restore: { free: null, taken: null, shipped: null, returned: "free", damaged: "free", void: null },
  damage: { free: "damaged", taken: null, shipped: null, returned: "damaged", damaged: null, void: null },
  void: { free: "void", taken: null, shipped: null, returned: "void", damaged: "void", void: null },
};

/** An event's row of the table, as pairs. */
export const stepsOf = (event: keyof typeof TRANSITIONS): { from: string[]; to: string[] } => {
  const steps = Object.entries(TRANSITIONS[event]).flatMap(([from, to]) =>
    to === null ? [] : [{ from, to }],
  );
  return { from: steps.map(({ from }) => from), to: steps.map(({ to }) => to) };
};

/** Where a verdict leads whatever it is said of: whoever is there already has heard it before. */
const ENDS = { restore: "free", damage: "damaged", void: "void" } as const;

type Marked = { readonly serial: string; readonly state: SerialState };

/** Those of which a verdict cannot be said: a buyer has them, or they are gone. */
export const busyIn = (marked: readonly Marked[], verdict: keyof typeof ENDS): Marked[] =>
  marked.filter(({ state }) => TRANSITIONS[verdict][state] === null && state !== ENDS[verdict]);

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
