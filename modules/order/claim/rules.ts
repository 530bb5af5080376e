/** Decisions about claims, of values alone: the one table of their states, whose turn it is, and how much may be asked for. */
import { money, split } from "@shopnexus/contracts/kit/money";
import { CommonRefusals, refuse } from "@shopnexus/contracts/kit/refusal";
import { ClaimRefusals } from "@shopnexus/contracts/order/claim";
import type {
  ClaimEvent,
  ClaimOrder,
  ClaimOutcome,
  ClaimReason,
  ClaimState,
  Role,
} from "@shopnexus/contracts/order/complaint";
import { type LineState, LineRefusals } from "@shopnexus/contracts/order/line";
import type { z } from "zod";
import type { DeadlineName } from "#modules/_kit/deadlines.ts";
import { type Purse, returnable } from "../_kit/money.ts";

/** What may become of a claim; nothing happens that is not in it. */
export const CLAIM_TRANSITIONS: Readonly<Record<ClaimState, Partial<Record<ClaimEvent, ClaimState>>>> = {
  requested: {
    accept: "accepted",
    accept_with_return: "returning",
    contest: "disputed",
    withdraw: "withdrawn",
    expire: "accepted",
    void: "voided",
  },
  returning: {
    accept: "accepted",
    send: "in_transit",
    arrive: "returned",
    withdraw: "withdrawn",
    expire: "closed",
    void: "voided",
  },
  in_transit: {
    accept: "accepted",
    arrive: "returned",
    lose: "accepted",
    approve: "accepted",
    contest: "disputed",
    withdraw: "withdrawn",
    escalate: "in_transit",
    expire: "accepted",
    void: "voided",
  },
  returned: {
    accept: "accepted",
    approve: "accepted",
    contest: "disputed",
    withdraw: "withdrawn",
    expire: "accepted",
    void: "voided",
  },
  disputed: {
    accept: "accepted",
    award_all: "accepted",
    award_part: "accepted",
    award_none: "denied",
    withdraw: "withdrawn",
    escalate: "disputed",
    expire: "accepted",
    void: "voided",
  },
  accepted: { pay: "paying", void: "voided" },
  paying: { settle: "settled" },
  settled: {},
  withdrawn: {},
  closed: {},
  denied: {},
  voided: {},
};

export const next = (state: ClaimState, event: ClaimEvent): ClaimState | undefined =>
  CLAIM_TRANSITIONS[state][event];

/** Came to nothing: the lines are where they were. */
const GIVEN_UP: ReadonlySet<ClaimState> = new Set(["withdrawn", "closed", "denied", "voided"]);
export const isGivenUp = (state: ClaimState): boolean => GIVEN_UP.has(state);
export const isOver = (state: ClaimState): boolean => state === "settled" || isGivenUp(state);

type Turn = { readonly deadline: DeadlineName; readonly outcome: z.infer<typeof ClaimOutcome> };

/** Whom a claim waits for, and what their silence says. A state that is not here waits for nobody. */
const TURNS: Partial<Record<ClaimState, Turn>> = {
  requested: { deadline: "answerMs", outcome: "pay_buyer" },
  returning: { deadline: "returnMs", outcome: "close" },
  in_transit: { deadline: "transitMs", outcome: "escalate" },
  returned: { deadline: "inspectMs", outcome: "pay_buyer" },
  disputed: { deadline: "verdictMs", outcome: "escalate" },
};
export const deadlineOf = (state: ClaimState): DeadlineName | undefined => TURNS[state]?.deadline;

/** Operators are told once; when they are silent too the buyer is paid. */
export const outcomeOf = (state: ClaimState, isEscalated: boolean): z.infer<typeof ClaimOutcome> | null => {
  const outcome = TURNS[state]?.outcome ?? null;
  return outcome === "escalate" && isEscalated ? "pay_buyer" : outcome;
};

/** Who may do what. What a deadline or a carrier does is nobody's. */
const MOVERS: Partial<Record<ClaimEvent, z.infer<typeof Role>>> = {
  accept: "seller",
  accept_with_return: "seller",
  contest: "seller",
  approve: "seller",
  withdraw: "buyer",
  send: "buyer",
};
export const mayMove = (event: ClaimEvent, role: z.infer<typeof Role>): boolean =>
  role === "shop" || MOVERS[event] === role;

const NEEDS_EVIDENCE: ReadonlySet<ClaimReason> = new Set(["damaged", "wrong", "not_as_described"]);

export type ClaimableLine = Purse & {
  readonly lineId: string;
  readonly state: LineState;
  readonly pieces: number;
  readonly piecesBack: number;
  readonly claimUntil: Date | null;
};

type Asked = {
  readonly order: Pick<ClaimOrder, "lines" | "reason" | "evidence">;
  readonly lines: readonly ClaimableLine[];
  /** Pieces that money was paid back for before, by line. */
  readonly paidPieces: ReadonlyMap<string, number>;
  readonly currency: string;
  readonly now: Date;
};

/** What a claim asks for, line by line; refuses what nobody may ask. */
export const askedOf = (asked: Asked): Array<{ lineId: string; pieces: number; askedMinor: number }> => {
  const { order, currency } = asked;
  const named = order.lines.map((ask) => {
    const line = asked.lines.find(({ lineId }) => lineId === ask.lineId);
    if (line === undefined) throw refuse(LineRefusals.LINE_UNKNOWN, {});
    return { ask, line };
  });
  beClaimable(
    named.map(({ line }) => line),
    asked,
  );
  const many = named.filter(({ ask, line }) => ask.pieces > line.pieces - line.piecesBack);
  if (many.length > 0) {
    const lines = many.map(({ line }) => ({ lineId: line.lineId, atMost: line.pieces - line.piecesBack }));
    throw refuse(ClaimRefusals.PIECES_TOO_MANY, { lines });
  }
  if (named.some(({ ask }) => ask.amount !== undefined && ask.amount.currency !== currency)) {
    const says = `This order is in ${currency}.`;
    throw refuse(CommonRefusals.INVALID_INPUT, { issues: [{ path: "/lines", says }] });
  }
  const amounts = named.map(({ ask, line }) => ({
    lineId: line.lineId,
    pieces: ask.pieces,
    askedMinor: ask.amount?.minor ?? byPieces(line, ask.pieces, asked.paidPieces.get(line.lineId) ?? 0),
    atMost: returnable(line),
  }));
  const high = amounts.filter(({ askedMinor, atMost }) => askedMinor > atMost || askedMinor === 0);
  if (high.length > 0) {
    const lines = high.map(({ lineId, atMost }) => ({ lineId, atMost: money(atMost, currency) }));
    throw refuse(ClaimRefusals.AMOUNT_TOO_HIGH, { lines });
  }
  if (NEEDS_EVIDENCE.has(order.reason) && order.evidence.length === 0)
    throw refuse(ClaimRefusals.EVIDENCE_NEEDED, {});
  return amounts.map(({ atMost: _, ...line }) => line);
};

const beClaimable = (lines: readonly ClaimableLine[], { order, now }: Asked): void => {
  const open = lines.filter(({ state }) => state === "refunding");
  if (open.length > 0) throw refuse(ClaimRefusals.CLAIM_OPEN, { lineIds: open.map(({ lineId }) => lineId) });
  const wrong = lines.filter((line) => !isClaimable(line.state, order.reason) || returnable(line) === 0);
  if (wrong.length > 0) {
    const data = wrong.map(({ lineId, state }) => ({ lineId, state }));
    throw refuse(ClaimRefusals.LINE_NOT_CLAIMABLE, { lines: data });
  }
  const late = lines.filter(({ claimUntil }) => claimUntil !== null && claimUntil < now);
  if (late.length > 0)
    throw refuse(ClaimRefusals.CLAIM_WINDOW_OVER, { lineIds: late.map(({ lineId }) => lineId) });
};

/** What is still on its way can only be missed. */
const isClaimable = (state: LineState, reason: ClaimReason): boolean =>
  state === "delivered" || state === "fulfilled" || (state === "shipped" && reason === "not_received");

/** The pieces' part of the goods, counted on from those paid for before: all pieces together give all of it. */
export const byPieces = (line: ClaimableLine, pieces: number, paidPieces: number): number => {
  const upTo = (count: number): number => {
    const counted = Math.min(count, line.pieces);
    return split(money(line.totalMinor, "XXX"), [counted, line.pieces - counted])[0]?.minor ?? 0;
  };
  return Math.min(upTo(paidPieces + pieces) - upTo(paidPieces), returnable(line));
};
