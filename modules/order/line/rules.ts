/** Which lines somebody's decision is about, and what everybody else is told. */
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { type LineReason, LineRefusals, type LineState } from "@shopnexus/contracts/order/line";
import { isOver } from "../_kit/states.ts";

export type Known = {
  readonly lineId: string;
  readonly state: LineState;
  readonly reason: LineReason | null;
  readonly stateVersion: number;
};

/** What a decision can still happen to, and what it has happened to before. */
export type Reach<T> = { may(line: T): boolean; did(line: T): boolean };

/**
 * All of the lines named or none; where none are named, all that it can happen to. Lines that it happened to before are
 * left out, so that a repeat is one decision; `known` are those.
 */
export const reached = <T extends Known>(
  lines: readonly T[],
  lineIds: readonly string[] | undefined,
  { may, did }: Reach<T>,
): { able: T[]; known: T[] } => {
  const named = lineIds === undefined ? [...lines] : lines.filter(({ lineId }) => lineIds.includes(lineId));
  if (lineIds !== undefined && named.length < new Set(lineIds).size)
    throw refuse(LineRefusals.LINE_UNKNOWN, {});
  const able = named.filter(may);
  const known = named.filter((line) => !may(line) && did(line));
  const others = named.filter((line) => !may(line) && !did(line));
  const isDecided = lineIds === undefined ? able.length + known.length === 0 : others.length > 0;
  if (isDecided) {
    const told = others.map(({ lineId, state, reason }) => ({ lineId, state, reason }));
    throw refuse(LineRefusals.LINES_DECIDED, { lines: told });
  }
  return { able, known };
};

/** The version that the latest change of some lines was made on. */
export const versionOf = (lines: readonly Known[]): number =>
  Math.max(0, ...lines.map(({ stateVersion }) => stateVersion));

/** Lines that were confirmed, whatever has become of them since, unless that took the confirmation back. */
export const isConfirmed = ({ state }: Pick<Known, "state">): boolean =>
  !isOver(state) && !["awaiting_payment", "paid", "backordered"].includes(state);

/** Lines that the buyer has, or had. */
export const isReceived = ({ state }: Pick<Known, "state">): boolean =>
  ["delivered", "fulfilled", "refunding"].includes(state);

/** What tells a fact about some lines from others of its kind: people read it. */
export const itemsOf = (lines: readonly { position: number }[], all: readonly unknown[]): string => {
  if (lines.length === all.length) return "";
  const numbers = lines.map(({ position }) => position + 1).toSorted((a, b) => a - b);
  return `item${numbers.length === 1 ? "" : "s"} ${numbers.join(", ")} of the checkout`;
};
