/** What may become of a line: one table, and nothing happens that is not in it. */
import type { LineState } from "@shopnexus/contracts/order/line";
import type { OrderState, OrderTab } from "@shopnexus/contracts/order/purchase";
import type { z } from "zod";

export type LineEvent =
  /** The checkout is paid; the line waits for its seller, or for stock. */
  | "pay"
  | "pay_backordered"
  | "undo"
  | "arrive"
  | "confirm"
  | "reject"
  | "cancel"
  /** A deadline passed. */
  | "expire"
  /** The carrier took it; brought it; lost it or sent it back. */
  | "ship"
  | "deliver"
  | "lose"
  /** The escrow window is over. */
  | "fulfil"
  /** Money is asked back: by the buyer, or by the buyer's bank. */
  | "claim"
  | "claim_settled"
  | "claim_closed"
  | "charge_back";

/** `resume`: back to the state that the claim found it in. */
type Target = LineState | "resume";

export const TRANSITIONS: Readonly<Record<LineState, Partial<Record<LineEvent, Target>>>> = {
  awaiting_payment: { pay: "paid", pay_backordered: "backordered", undo: "cancelled" },
  paid: {
    confirm: "confirmed",
    reject: "rejected",
    cancel: "cancelled",
    expire: "cancelled",
    charge_back: "refunded",
  },
  backordered: {
    arrive: "paid",
    reject: "rejected",
    cancel: "cancelled",
    expire: "cancelled",
    charge_back: "refunded",
  },
  confirmed: {
    ship: "shipped",
    deliver: "delivered",
    expire: "cancelled",
    lose: "cancelled",
    charge_back: "refunded",
  },
  shipped: { deliver: "delivered", lose: "cancelled", claim: "refunding", charge_back: "refunded" },
  delivered: { fulfil: "fulfilled", claim: "refunding", charge_back: "refunded" },
  fulfilled: { claim: "refunding", charge_back: "refunded" },
  refunding: {
    deliver: "refunding",
    claim_settled: "refunded",
    claim_closed: "resume",
    charge_back: "refunded",
  },
  rejected: {},
  cancelled: {},
  refunded: {},
};

/** The states from which an event leads somewhere. */
export const from = (event: LineEvent): LineState[] =>
  (Object.keys(TRANSITIONS) as LineState[]).filter((state) => TRANSITIONS[state][event] !== undefined);

/** Where an event leads; undefined where it means nothing. */
export const next = (state: LineState, event: LineEvent): Target | undefined => TRANSITIONS[state][event];

const OVER: ReadonlySet<LineState> = new Set(["rejected", "cancelled", "refunded"]);
export const isOver = (state: LineState): boolean => OVER.has(state);

type Line = { readonly state: LineState; readonly resumeState: LineState | null };
/** A line that is asked back still is where it was. */
const reached = ({ state, resumeState }: Line): LineState =>
  state === "refunding" ? (resumeState ?? state) : state;

/** The state of an order: its lines that still count, by the one that has furthest to go. */
export const orderState = (lines: readonly Line[]): z.infer<typeof OrderState> => {
  const states = lines.map(reached).filter((state) => !isOver(state));
  if (states.length === 0) return lines.some(({ state }) => state === "refunded") ? "refunded" : "cancelled";
  if (states.some((state) => state === "paid" || state === "backordered")) return "paid";
  if (states.includes("confirmed")) return "confirmed";
  if (states.includes("shipped")) return "shipped";
  return states.includes("delivered") ? "delivered" : "fulfilled";
};

/** Where people find an order. What is disputed comes first, then what somebody has to do, then what is on its way. */
export const orderTab = (lines: readonly Line[], openChargebacks: number): z.infer<typeof OrderTab> => {
  if (openChargebacks > 0 || lines.some(({ state }) => state === "refunding")) return "in_dispute";
  const states = lines.map(({ state }) => state).filter((state) => !isOver(state));
  if (states.length === 0) return "cancelled";
  if (states.includes("paid")) return "to_confirm";
  if (states.some((state) => state === "backordered" || state === "confirmed")) return "pending";
  return states.includes("shipped") ? "in_transit" : "completed";
};
