/** Waiting lines of one SKU as a page of arithmetic, for property.test.ts: who is served when, and what the level comes to. */
export type Ask =
  | { readonly verb: "arrive" | "reserve"; readonly pieces: number }
  | { readonly verb: "pay" | "release"; readonly line: number }
  | { readonly verb: "unsell"; readonly line: number; readonly pieces: number };

export type Line = {
  pieces: number;
  state: "held" | "sold" | "reserved" | "waiting" | "served" | "cancelled";
  isUnsold: boolean;
};
export type Model = { onHand: number; held: number; sold: number; lines: Line[]; servedOrder: number[] };

export const emptyModel = (): Model => ({ onHand: 0, held: 0, sold: 0, lines: [], servedOrder: [] });

/** So many of a line's pieces are unsold, at least one: an ask may be made before its line is known. */
export const partOf = (ask: { readonly pieces: number }, reserved: number): number =>
  1 + (ask.pieces % reserved);

export const apply = (model: Model, ask: Ask): void => {
  if ("line" in ask) change(model, ask);
  else if (ask.verb === "arrive") model.onHand += ask.pieces;
  else reserve(model, ask.pieces);
  serve(model);
};

const change = (model: Model, ask: Extract<Ask, { line: number }>): void => {
  const line = model.lines[ask.line];
  if (line === undefined) return;
  if (ask.verb === "pay") pay(model, line);
  if (ask.verb === "release") release(model, line);
  if (ask.verb === "unsell") unsell(model, line, ask.pieces);
};

const availableOf = ({ onHand, held, sold }: Model): number => onHand - held - sold;

const reserve = (model: Model, pieces: number): void => {
  const isHeld = availableOf(model) >= pieces;
  if (isHeld) model.held += pieces;
  model.lines.push({ pieces, state: isHeld ? "held" : "reserved", isUnsold: false });
};

const pay = (model: Model, line: Line): void => {
  if (line.state === "reserved") line.state = "waiting";
  if (line.state !== "held") return;
  line.state = "sold";
  model.held -= line.pieces;
  model.sold += line.pieces;
};

const release = (model: Model, line: Line): void => {
  if (line.state === "held") model.held -= line.pieces;
  if (line.state === "held" || line.state === "reserved") line.state = "cancelled";
};

/** Once a line; what was never sold and does not wait is not unsold. */
const unsell = (model: Model, line: Line, pieces: number): void => {
  if (line.isUnsold || !["sold", "waiting", "served"].includes(line.state)) return;
  const part = partOf({ pieces }, line.pieces);
  line.isUnsold = true;
  if (line.state !== "waiting") model.sold -= part;
  else if (part < line.pieces) line.pieces -= part;
  else line.state = "cancelled";
};

/** First come, first served: the place of a line is the place of its reserve. */
const serve = (model: Model): void => {
  for (const [at, line] of model.lines.entries()) {
    if (line.state !== "waiting") continue;
    if (line.pieces > availableOf(model)) return;
    line.state = "served";
    model.sold += line.pieces;
    model.servedOrder.push(at);
  }
};
