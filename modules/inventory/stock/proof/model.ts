/** Stock as a page of arithmetic, for property.test.ts: what every step should answer, and where it should lead. */
export type Ask =
  | { readonly verb: "book"; readonly sku: number; readonly receipt: number; readonly pieces: number }
  | { readonly verb: "reserve"; readonly hold: number; readonly pieces: readonly number[] }
  | { readonly verb: "release" | "commit" | "restock" | "lapse"; readonly hold: number }
  | { readonly verb: "expire" };

export const SKU_COUNT = 3;

type Hold = {
  pieces: readonly number[];
  state: "held" | "committed" | "restocked" | "released" | "expired";
  isDue: boolean;
};
export type Model = {
  readonly levels: { onHand: number; held: number; sold: number }[];
  readonly holds: Map<number, Hold>;
  readonly receipts: Map<string, number>;
};

export const emptyModel = (): Model => ({
  levels: Array.from({ length: SKU_COUNT }, () => ({ onHand: 0, held: 0, sold: 0 })),
  holds: new Map(),
  receipts: new Map(),
});

/** Does what is asked to the model, and gives "ok" or the code of the refusal. */
export const answerOf = (model: Model, ask: Ask): string => {
  if (ask.verb === "book") return book(model, ask);
  if (ask.verb === "reserve") return reserve(model, ask);
  if (ask.verb === "expire") return expire(model);
  const hold = model.holds.get(ask.hold);
  if (ask.verb === "lapse") return lapse(hold);
  if (ask.verb === "commit") return commit(model, hold);
  if (hold === undefined) {
    model.holds.set(ask.hold, { pieces: [], state: "released", isDue: false });
    return "ok";
  }
  return ask.verb === "release" ? release(model, hold) : restock(model, hold);
};

const book = (model: Model, ask: Extract<Ask, { verb: "book" }>): string => {
  const key = `${ask.sku}/${ask.receipt}`;
  const booked = model.receipts.get(key);
  if (booked !== undefined) return booked === ask.pieces ? "ok" : "RECEIPT_DIFFERS";
  model.receipts.set(key, ask.pieces);
  const level = model.levels[ask.sku];
  if (level !== undefined) level.onHand += ask.pieces;
  return "ok";
};

const reserve = (model: Model, { hold: id, pieces }: Extract<Ask, { verb: "reserve" }>): string => {
  const hold = model.holds.get(id);
  if (hold !== undefined) {
    if (hold.pieces.length === 0) return "HOLD_GONE";
    if (hold.pieces.join() !== pieces.join()) return "HOLD_DIFFERS";
    return hold.state === "released" || hold.state === "expired" ? "HOLD_GONE" : "ok";
  }
  const fits = model.levels.every(({ onHand, held, sold }, at) => held + sold + (pieces[at] ?? 0) <= onHand);
  if (!fits) return "OUT_OF_STOCK";
  model.holds.set(id, { pieces, state: "held", isDue: false });
  move(model, pieces, { held: 1, sold: 0 });
  return "ok";
};

const move = (model: Model, pieces: readonly number[], sign: { held: number; sold: number }): void => {
  for (const [at, level] of model.levels.entries()) {
    level.held += sign.held * (pieces[at] ?? 0);
    level.sold += sign.sold * (pieces[at] ?? 0);
  }
};

const isHeld = (hold: Hold): boolean => hold.state === "held" || hold.state === "restocked";

const free = (model: Model, hold: Hold, state: "released" | "expired"): void => {
  Object.assign(hold, { state });
  move(model, hold.pieces, { held: -1, sold: 0 });
};

const release = (model: Model, hold: Hold): string => {
  if (isHeld(hold)) free(model, hold, "released");
  return "ok";
};

const commit = (model: Model, hold: Hold | undefined): string => {
  if (hold?.state === "committed") return "ok";
  if (hold?.state !== "held") return "HOLD_GONE";
  Object.assign(hold, { state: "committed" });
  move(model, hold.pieces, { held: -1, sold: 1 });
  return "ok";
};

const restock = (model: Model, hold: Hold): string => {
  if (hold.state === "held") free(model, hold, "released");
  if (hold.state !== "committed") return "ok";
  Object.assign(hold, { state: "restocked" });
  move(model, hold.pieces, { held: 1, sold: -1 });
  return "ok";
};

const lapse = (hold: Hold | undefined): string => {
  if (hold !== undefined) Object.assign(hold, { isDue: true });
  return "ok";
};

const expire = (model: Model): string => {
  for (const hold of model.holds.values()) if (hold.isDue && isHeld(hold)) free(model, hold, "expired");
  return "ok";
};
