import type { World } from "../world.ts";
import { invalid } from "./errors.ts";
import type { Form } from "./form.ts";
import { texts } from "./params.ts";

const EXPANDABLE = new Set([
  "balance_transaction",
  "charge",
  "customer",
  "destination",
  "latest_charge",
  "payment_intent",
  "payment_method",
  "source",
  "transfer",
]);

/** The fields a request wants expanded, checked before anything is executed. */
export const expansionsOf = (params: Form): string[] => {
  const paths = texts(params, "expand");
  for (const path of paths) {
    if (!EXPANDABLE.has(path.replace(/^data\./, ""))) {
      throw invalid(`This property cannot be expanded (${path.slice(0, 80)}).`, { param: "expand" });
    }
  }
  return paths;
};

/** Puts the object in the place of its id, one level deep. What the emulator does not keep stays an id. */
export const expand = (world: World, body: object, paths: readonly string[]): object => {
  let result = body;
  for (const path of paths) {
    const field = path.replace(/^data\./, "");
    if (field === path) result = withObject(world, result, field);
    else result = { ...result, data: itemsOf(result).map((item) => withObject(world, item, field)) };
  }
  return result;
};

const itemsOf = (list: { data?: object[] }): object[] => list.data ?? [];

const withObject = (world: World, body: object, field: string): object => {
  const id = (body as Record<string, unknown>)[field];
  const found = typeof id === "string" ? find(world, id) : undefined;
  return found === undefined ? body : { ...body, [field]: found };
};

// An id says by its first letters what it is of.
const find = (world: World, id: string): object | undefined => {
  switch (id.slice(0, id.indexOf("_"))) {
    case "acct":
      return world.accounts.get(id);
    case "ch":
      return world.charges.get(id);
    case "dp":
      return world.disputes.get(id);
    case "pi":
      return world.intents.get(id);
    case "re":
      return world.refunds.get(id);
    case "tr":
      return world.transfers.get(id);
    case "trr":
      return world.reversals.get(id);
    case "txn":
      return world.transactions.get(id);
    default:
      return undefined;
  }
};
