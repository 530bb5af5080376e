/** Stock, shelves and serial numbers as a page of arithmetic: what an ask should be answered, and where it leads. */
import type { SerialState } from "@shopnexus/contracts/inventory/serial";
import { type Answer, type Ask, NUMBERED, PLACE_COUNT, piecesOf, serialsOf, SKU_COUNT } from "./asks.ts";

type HoldState = "held" | "restocked" | "committed" | "released" | "expired" | "never";
export type Line = {
  state: "none" | "taken" | "shipped" | "back";
  serials: readonly string[];
  isUnsold: boolean;
};
type Hold = { state: HoldState | undefined; readonly lines: Line[]; readonly picks: number[][] };
type Numbered = { state: SerialState; line: string | null };
export type Model = {
  readonly levels: { onHand: number; held: number; sold: number }[];
  /** By SKU, by place. */
  readonly shelves: { onHand: number; picked: number }[][];
  readonly holds: Map<number, Hold>;
  /** By SKU, what is not sold. */
  readonly kept: number[];
  /** What was booked under which key. */
  readonly moves: Map<string, string>;
  /** By SKU, the oldest first. */
  readonly serials: Map<string, Numbered>[];
};

const perSku = <T>(make: () => T): T[] => Array.from({ length: SKU_COUNT }, make);

export const emptyModel = (): Model => ({
  levels: perSku(() => ({ onHand: 0, held: 0, sold: 0 })),
  shelves: perSku(() => Array.from({ length: PLACE_COUNT }, () => ({ onHand: 0, picked: 0 }))),
  holds: new Map(),
  kept: perSku(() => 0),
  moves: new Map(),
  serials: perSku(() => new Map()),
});

const holdOf = (model: Model, hold: number): Hold => {
  const known = model.holds.get(hold) ?? {
    state: undefined,
    lines: perSku((): Line => ({ state: "none", serials: [], isUnsold: false })),
    picks: perSku(() => Array(PLACE_COUNT).fill(0)),
  };
  model.holds.set(hold, known);
  return known;
};

const at = <T>(all: readonly T[], place: number): T => all[place] as T;
const isHeld = ({ state }: Hold): boolean => state === "held" || state === "restocked";
const standingAt = (model: Model, sku: number, place: number): number => {
  const { onHand, picked } = at(at(model.shelves, sku), place);
  return onHand - picked;
};
const availableOf = (model: Model, sku: number): number => {
  const { onHand, held, sold } = at(model.levels, sku);
  return onHand - held - sold;
};

/** Would the shop ask this now? A sale that is certain is not undone, and what was not sold is neither packed nor brought back. */
export const isAsked = (model: Model, ask: Ask): boolean => {
  if (ask.verb === "correct") return ask.delta > 0 || !at(NUMBERED, ask.sku);
  if (ask.verb === "writeOff") return at(NUMBERED, ask.sku);
  if (!("hold" in ask)) return true;
  const hold = holdOf(model, ask.hold);
  if (ask.verb === "expire") return isHeld(hold);
  if (ask.verb === "restock") return hold.lines.every(({ state, isUnsold }) => state === "none" && !isUnsold);
  if (!("sku" in ask)) return true;
  const { isUnsold } = at(hold.lines, ask.sku);
  const isSold = hold.state === "committed" && (piecesOf(ask.hold)[ask.sku] ?? 0) > 0;
  return isSold && (ask.verb !== "takeBack" || !isUnsold);
};

/** What one who asks alone is answered. */
export const answerOf = (model: Model, ask: Ask): Answer => {
  if (ask.verb === "reserve") return { code: reserveCode(model, ask.hold) };
  if (ask.verb === "commit") {
    const { state } = holdOf(model, ask.hold);
    return { code: state === "held" || state === "committed" ? "ok" : "HOLD_GONE" };
  }
  if (ask.verb === "take") return takeAnswer(model, ask.hold, ask.sku);
  if (ask.verb === "writeOff") return { code: writeOffCode(model, ask) };
  if ("key" in ask) return { code: moveCode(model, ask) };
  return { code: "ok" };
};

const reserveCode = (model: Model, hold: number): string => {
  const { state } = holdOf(model, hold);
  if (state === "never" || state === "released" || state === "expired") return "HOLD_GONE";
  const fits = piecesOf(hold).every(
    (pieces, sku) => pieces === 0 || pieces <= availableOf(model, sku) - at(model.kept, sku),
  );
  return state !== undefined || fits ? "ok" : "OUT_OF_STOCK";
};

const takeAnswer = (model: Model, hold: number, sku: number): Answer => {
  const line = at(holdOf(model, hold).lines, sku);
  if (line.state === "back") return { code: "SERIALS_GONE" };
  if (line.state !== "none") return { code: "ok", serials: line.serials };
  if (!at(NUMBERED, sku)) return { code: "ok", serials: [] };
  const wanted = piecesOf(hold)[sku] ?? 0;
  const free = [...at(model.serials, sku)].filter(([, { state }]) => state === "free").slice(0, wanted);
  if (free.length < wanted) return { code: "SERIALS_SHORT" };
  return { code: "ok", serials: free.map(([serial]) => serial) };
};

type OfShelf = Extract<Ask, { key: string }>;
const moveKey = ({ verb, sku, key }: OfShelf): string => [verb, sku, key].join();
const moveValue = (ask: OfShelf): string => [ask.place, "delta" in ask ? ask.delta : ask.pieces].join();
const DIFFERS = {
  receive: "RECEIPT_DIFFERS",
  correct: "ADJUSTMENT_DIFFERS",
  transfer: "TRANSFER_DIFFERS",
} as const;

const moveCode = (model: Model, ask: OfShelf): string => {
  const before = model.moves.get(moveKey(ask));
  if (before !== undefined) return before === moveValue(ask) ? "ok" : DIFFERS[ask.verb];
  const { sku, place } = ask;
  const standing = standingAt(model, sku, place);
  const isShort =
    (ask.verb === "transfer" && standing < ask.pieces) ||
    (ask.verb === "correct" && Math.min(standing, availableOf(model, sku)) + ask.delta < 0);
  return isShort ? "PIECES_SHORT" : "ok";
};

const writeOffCode = (model: Model, { serial, sku, place }: Extract<Ask, { verb: "writeOff" }>): string => {
  const known = at(model.serials, sku).get(serial);
  if (known === undefined) return "SERIAL_UNKNOWN";
  if (["taken", "shipped", "void"].includes(known.state)) return "SERIAL_BUSY";
  return Math.min(standingAt(model, sku, place), availableOf(model, sku)) < 1 ? "PIECES_SHORT" : "ok";
};

/** Takes in what came of an ask. */
export const apply = (model: Model, ask: Ask, { code, serials = [] }: Answer): void => {
  if (ask.verb === "writeOff") return writtenOff(model, ask, code);
  if (code !== "ok") return;
  if (ask.verb === "keepBack") return void (model.kept[ask.stock] = ask.kept);
  if ("key" in ask) return moved(model, ask);
  if ("sku" in ask) return lineMoved(model, ask, serials);
  const hold = holdOf(model, ask.hold);
  if (ask.verb === "reserve" && hold.state === undefined) end(model, ask.hold, "held");
  if (ask.verb === "commit" && hold.state === "held") end(model, ask.hold, "committed");
  if (ask.verb === "expire" && isHeld(hold)) end(model, ask.hold, "expired");
  if (ask.verb === "release" && isHeld(hold)) end(model, ask.hold, "released");
  if (ask.verb !== "release" && ask.verb !== "restock") return;
  if (hold.state === undefined) hold.state = "never";
  if (ask.verb !== "restock") return;
  if (hold.state === "held") end(model, ask.hold, "released");
  if (hold.state === "committed") end(model, ask.hold, "restocked");
};

const end = (model: Model, at: number, state: HoldState): void => {
  const hold = holdOf(model, at);
  for (const [sku, pieces] of piecesOf(at).entries()) {
    const level = model.levels[sku];
    if (level === undefined) continue;
    const heldAfter = state === "held" || state === "restocked";
    level.held += pieces * (Number(heldAfter) - Number(isHeld(hold)));
    level.sold += pieces * (Number(state === "committed") - Number(hold.state === "committed"));
  }
  hold.state = state;
};

const shift = (model: Model, { sku, place }: { sku: number; place: number }, delta: number): void => {
  at(at(model.shelves, sku), place).onHand += delta;
  at(model.levels, sku).onHand += delta;
};

const moved = (model: Model, ask: OfShelf): void => {
  if (model.moves.has(moveKey(ask))) return;
  model.moves.set(moveKey(ask), moveValue(ask));
  const delta = "delta" in ask ? ask.delta : ask.pieces;
  shift(model, ask, ask.verb === "transfer" ? -delta : delta);
  if (ask.verb === "transfer") return shift(model, { sku: ask.sku, place: 1 - ask.place }, delta);
  if (!at(NUMBERED, ask.sku)) return;
  const prefix = ask.verb === "receive" ? "r" : "a";
  for (const serial of serialsOf(`${prefix}${ask.key}`, delta)) serialOf(model, ask.sku, serial);
};

/** Of several processes the answer about a number may be heard before that of its receipt, or before it is put back. */
const serialOf = (model: Model, sku: number, serial: string): Numbered => {
  const known = at(model.serials, sku).get(serial) ?? { state: "free", line: null };
  at(model.serials, sku).set(serial, known);
  return known;
};

const writtenOff = (model: Model, ask: Extract<Ask, { verb: "writeOff" }>, code: string): void => {
  if (code !== "ok" && code !== "PIECES_SHORT") return;
  const known = serialOf(model, ask.sku, ask.serial);
  if (code === "ok") Object.assign(known, { state: "void", line: null });
  else if (known.line === null) known.state = "free";
  if (code === "ok") shift(model, ask, -1);
};

const lineMoved = (
  model: Model,
  { verb, hold: number, sku }: Extract<Ask, { hold: number; sku: number }>,
  serials: readonly string[],
): void => {
  const line = at(holdOf(model, number).lines, sku);
  const name = `${number}/${sku}`;
  const say = (state: SerialState, holder: string | null) => {
    for (const serial of line.serials) {
      const known = serialOf(model, sku, serial);
      if (known.line === name) Object.assign(known, { state, line: holder });
    }
  };
  if (verb === "take" && line.state === "none") {
    Object.assign(line, { state: "taken", serials });
    for (const serial of serials) Object.assign(serialOf(model, sku, serial), { state: "taken", line: name });
    pick(model, number, sku);
  }
  if (verb === "ship" && line.state === "taken") {
    line.state = "shipped";
    say("shipped", name);
  }
  if (verb === "takeBack" && !line.isUnsold) {
    line.isUnsold = true;
    at(model.levels, sku).sold -= piecesOf(number)[sku] ?? 0;
  }
  if ((verb === "takeBack" || verb === "putBack") && line.state !== "back") {
    if (line.state !== "none") say(line.state === "shipped" ? "returned" : "free", null);
    line.state = "back";
    unpick(model, number, sku);
  }
  if (verb !== "restore") return;
  for (const serial of line.serials) {
    const known = at(model.serials, sku).get(serial);
    if (line.state === "back" && known?.state === "returned") known.state = "free";
  }
};

/** The default place first. */
const pick = (model: Model, number: number, sku: number): void => {
  let left = piecesOf(number)[sku] ?? 0;
  for (const [place, shelf] of at(model.shelves, sku).entries()) {
    const taken = Math.min(left, shelf.onHand - shelf.picked);
    at(holdOf(model, number).picks, sku)[place] = taken;
    shelf.picked += taken;
    left -= taken;
  }
};

const unpick = (model: Model, number: number, sku: number): void => {
  for (const [place, shelf] of at(model.shelves, sku).entries()) {
    const picks = at(holdOf(model, number).picks, sku);
    shelf.picked -= picks[place] ?? 0;
    picks[place] = 0;
  }
};
