/** The ledger as it is meant, in memory: what may be asked of it, and what it says. */
import * as fc from "fast-check";

/** Accounts are named by their place among these; people by 0 and 1. */
export const PLACES = ["gateway", "platform", "escrow", "escrow", "wallet", "wallet"] as const;
const WALLET_AT = PLACES.indexOf("wallet");
const PLACE_COUNT = PLACES.length;

export type Transfer = { from: number; to: number; minor: number; currency: string };
type Held = { person: number; minor: number; currency: string; overdraws: boolean };
export type Command =
  | { do: "post"; batch: readonly (readonly Transfer[])[]; overdraws: boolean }
  | ({ do: "hold"; hold: number } & Held)
  | { do: "free"; hold: number }
  | { do: "spend"; hold: number; to: number };

const currency = fc.constantFrom("USD", "VND");
const overdraws = fc.integer({ min: 0, max: 3 }).map((roll) => roll === 0);
const hold = fc.nat({ max: 3 });
const transfer: fc.Arbitrary<Transfer> = fc.record({
  from: fc.nat({ max: PLACE_COUNT - 1 }),
  to: fc.nat({ max: PLACE_COUNT - 1 }),
  minor: fc.integer({ min: 0, max: 500 }),
  currency,
});
const entry = fc.array(transfer, { minLength: 1, maxLength: 4 });
const posting: fc.Arbitrary<Command> = fc.record({
  do: fc.constant("post"),
  batch: fc.array(entry, { minLength: 1, maxLength: 3 }),
  overdraws,
});
/** Few amounts, so that some holds come twice. */
const amount = fc.constantFrom(0, 50, 200);
const holding: fc.Arbitrary<Command> = fc.record({
  do: fc.constant("hold"),
  hold,
  person: fc.nat({ max: 1 }),
  minor: amount,
  currency,
  overdraws,
});
const freeing: fc.Arbitrary<Command> = fc.record({ do: fc.constant("free"), hold });
const spending: fc.Arbitrary<Command> = fc.record({
  do: fc.constant("spend"),
  hold,
  to: fc.nat({ max: PLACE_COUNT - 1 }),
});
export const command = fc.oneof(posting, holding, freeing, spending);

export type Model = {
  /** By place and currency; `held 0 USD` is what the first person's holds hold. */
  readonly sums: Map<string, number>;
  readonly holds: Map<number, { state: string; to?: number; held?: Held }>;
};
export const emptyModel = (): Model => ({ sums: new Map(), holds: new Map() });

/** Does what is asked, and says how it ends. */
export const tell = (model: Model, asked: Command): string => {
  if (asked.do === "post") return tellPost(model, asked.batch, asked.overdraws);
  if (asked.do === "hold") return tellHold(model, asked);
  return asked.do === "free" ? tellFree(model, asked.hold) : tellSpend(model, asked);
};

const tellPost = ({ sums }: Model, batch: readonly (readonly Transfer[])[], mayOverdraw: boolean): string => {
  const after = new Map(sums);
  for (const transfers of batch) {
    const before = new Map(after);
    for (const { from, to, minor, currency: of } of transfers) {
      change(after, `${from} ${of}`, -minor);
      change(after, `${to} ${of}`, minor);
    }
    for (const [key, minor] of after) {
      const place = PLACES[Number(key.split(" ")[0])] ?? "held";
      const isFree = place === "gateway" || place === "platform" || (place === "wallet" && mayOverdraw);
      if (!isFree && minor < 0 && minor < (before.get(key) ?? 0)) return "FUNDS_SHORT";
    }
  }
  for (const [key, minor] of after) sums.set(key, minor);
  return "done";
};

const change = (sums: Map<string, number>, key: string, delta: number): void => {
  sums.set(key, (sums.get(key) ?? 0) + delta);
};

const tellHold = ({ sums, holds }: Model, asked: Held & { hold: number }): string => {
  const { person, minor, currency: of, overdraws: may } = asked;
  const known = holds.get(asked.hold);
  const held = { person, minor, currency: of, overdraws: may };
  if (known?.held !== undefined && JSON.stringify(known.held) !== JSON.stringify(held))
    return "WALLET_HOLD_DIFFERS";
  if (known !== undefined) return known.state === "freed" ? "WALLET_HOLD_GONE" : "done";
  const wallet = `${WALLET_AT + person} ${of}`;
  if (minor > 0 && !may && (sums.get(wallet) ?? 0) < minor) return "FUNDS_SHORT";
  holds.set(asked.hold, { state: "held", held });
  if (minor === 0) return "done";
  change(sums, wallet, -minor);
  change(sums, `held${person} ${of}`, minor);
  return "done";
};

const tellFree = ({ sums, holds }: Model, at: number): string => {
  const known = holds.get(at);
  if (known === undefined) holds.set(at, { state: "freed" });
  if (known?.state !== "held" || known.held === undefined) return "done";
  const { person, minor, currency: of } = known.held;
  known.state = "freed";
  if (minor === 0) return "done";
  change(sums, `held${person} ${of}`, -minor);
  change(sums, `${WALLET_AT + person} ${of}`, minor);
  return "done";
};

const tellSpend = ({ sums, holds }: Model, { hold: at, to }: { hold: number; to: number }): string => {
  const known = holds.get(at);
  if (known?.state === "spent" && known.to === to) return "done";
  if (known?.state !== "held" || known.held === undefined) return "WALLET_HOLD_GONE";
  const { person, minor, currency: of } = known.held;
  Object.assign(known, { state: "spent", to });
  change(sums, `held${person} ${of}`, -minor);
  change(sums, `${to} ${of}`, minor);
  return "done";
};
