/** What a seed makes of one order's life: drawn whole before it begins, so that the same seed is the same life. */
import { dice } from "../one-door/storm.ts";

export type SellerWish = "confirm" | "confirm_some" | "reject" | "silence" | "raced";
export type CarrierWish = "delivers" | "chaos" | "loses" | "returns" | "silence";
export type ClaimWish = "none" | "in_window" | "after_payout";
export type AnswerWish = "accept" | "accept_with_return" | "contest" | "silence";
export type VerdictWish = "full" | "partial" | "none" | "silence";
export type BankWish = "none" | "won" | "lost";

export type OrderPlan = {
  readonly seller: SellerWish;
  readonly carrier: CarrierWish;
  readonly isAcknowledged: boolean;
  readonly claim: ClaimWish;
  /** Of what was paid for the goods; the pieces' own part where absent. */
  readonly claimShare: number | undefined;
  readonly isWithdrawn: boolean;
  readonly answer: AnswerWish;
  readonly inspection: "ok" | "contest" | "silence";
  readonly verdict: VerdictWish;
};

export type LifePlan = {
  readonly seed: number;
  readonly buyer: number;
  /** Shelf, place on it, pieces. */
  readonly lines: ReadonlyArray<{ shelf: number; place: number; pieces: number }>;
  readonly walletMinor: number;
  readonly gateway: "stripe" | "wallet";
  readonly payment: "pays" | "declined_first" | "cancels" | "late" | "retries";
  readonly orders: readonly OrderPlan[];
  readonly bank: { readonly wish: BankWish; readonly afterMs: number; readonly share: number };
  /** Which shelf's seller asks for money, and how much of what there is. */
  readonly payout: { readonly shelf: number; readonly share: number } | undefined;
  readonly hasCode: boolean;
};

/** One of some things, the earlier the likelier as their weights say. */
const draw =
  (roll: () => number) =>
  <T extends string>(weights: Readonly<Record<T, number>>): T => {
    const entries = Object.entries(weights) as [T, number][];
    let left = roll() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [name, weight] of entries) {
      left -= weight;
      if (left < 0) return name;
    }
    return (entries[0] as [T, number])[0];
  };

export const SHELVES = 3;
const PLACES = 6;

export const planOf = (seed: number): LifePlan => {
  const roll = dice(seed);
  const pick = draw(roll);
  const upTo = (count: number): number => Math.floor(roll() * count);
  const places = new Map<string, { shelf: number; place: number; pieces: number }>();
  for (let at = 0, count = 1 + upTo(3); at < count; at++) {
    const line = { shelf: upTo(SHELVES), place: upTo(PLACES), pieces: 1 + upTo(3) };
    places.set(`${line.shelf}/${line.place}`, line);
  }
  const orderPlan = (): OrderPlan => ({
    seller: pick({ confirm: 60, confirm_some: 14, reject: 8, silence: 6, raced: 12 }),
    carrier: pick({ delivers: 62, chaos: 24, loses: 6, returns: 4, silence: 4 }),
    isAcknowledged: roll() < 0.2,
    claim: pick({ none: 55, in_window: 25, after_payout: 20 }),
    claimShare: roll() < 0.5 ? roll() : undefined,
    isWithdrawn: roll() < 0.12,
    answer: pick({ accept: 40, accept_with_return: 15, contest: 30, silence: 15 }),
    inspection: pick({ ok: 60, contest: 25, silence: 15 }),
    verdict: pick({ full: 30, partial: 35, none: 25, silence: 10 }),
  });
  return {
    seed,
    buyer: upTo(1_000_000),
    lines: [...places.values()],
    walletMinor: roll() < 0.35 ? upTo(4_000) : 0,
    gateway: roll() < 0.08 ? "wallet" : "stripe",
    payment: pick({ pays: 74, declined_first: 8, cancels: 8, late: 5, retries: 5 }),
    orders: Array.from({ length: SHELVES }, orderPlan),
    bank: { wish: pick({ none: 88, won: 6, lost: 6 }), afterMs: upTo(2_500), share: roll() },
    payout: roll() < 0.15 ? { shelf: upTo(SHELVES), share: roll() } : undefined,
    hasCode: roll() < 0.5,
  };
};
