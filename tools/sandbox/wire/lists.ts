import type { Shelf } from "../shelf.ts";
import { invalid, unknownObject } from "./errors.ts";
import type { Form } from "./form.ts";
import { integer, text } from "./params.ts";

type Listed = { id: string; created: number };
type Span = { from: number; to: number };

export type Page<T> = { object: "list"; data: T[]; has_more: boolean; url: string };

const LIMIT_DEFAULT = 10;
const LIMIT_MAX = 100;

/** One page, newest first: `created` filters, `limit`, `starting_after`, `ending_before`. */
export const page = <T extends Listed>(
  shelf: Shelf<T>,
  params: Form,
  { url, keeps }: { url: string; keeps: (item: T) => boolean },
): Page<T> => {
  const items = shelf.all();
  const limit = limitOf(params);
  const { from, to } = spanOf(params);
  const before = cursor(shelf, params, "ending_before");
  const after = cursor(shelf, params, "starting_after") ?? items.length;
  const fits = (item: T) => item.created >= from && item.created <= to && keeps(item);
  // Objects stand in the order of `created`: going back, the first one too old ends the walk.
  const isPast = (item: T) => before === undefined && item.created < from;
  const way = before === undefined ? { start: after - 1, step: -1 } : { start: before + 1, step: 1 };
  // One more than asked, to know whether there is more.
  const found = walk(items, { ...way, count: limit + 1, fits, isPast });
  const data = found.slice(0, limit);
  return {
    object: "list",
    data: before === undefined ? data : data.toReversed(),
    has_more: found.length > limit,
    url,
  };
};

type Walk<T> = {
  start: number;
  step: number;
  count: number;
  fits: (item: T) => boolean;
  isPast: (item: T) => boolean;
};

const walk = <T>(items: readonly T[], { start, step, count, fits, isPast }: Walk<T>): T[] => {
  const found: T[] = [];
  for (let place = start; found.length < count; place += step) {
    const item = items[place];
    if (item === undefined || isPast(item)) break;
    if (fits(item)) found.push(item);
  }
  return found;
};

const limitOf = (params: Form): number => {
  const limit = integer(params, "limit", 1) ?? LIMIT_DEFAULT;
  if (limit <= LIMIT_MAX) return limit;
  throw invalid(`This value must be less than or equal to ${LIMIT_MAX}.`, { param: "limit" });
};

const cursor = <T>(shelf: Shelf<T>, params: Form, name: string): number | undefined => {
  const id = text(params, name);
  if (id === undefined) return undefined;
  const place = shelf.placeOf(id);
  if (place === undefined) throw unknownObject("object", id, { param: name, status: 400 });
  return place;
};

/** `created=T`, or `created[gte]=T` and its kin. */
const spanOf = (params: Form): Span => {
  const created = params["created"];
  if (created === undefined) return { from: -Infinity, to: Infinity };
  if (typeof created === "string") {
    const at = integer(params, "created", 0) ?? 0;
    return { from: at, to: at };
  }
  const { gte, gt, lte, lt } = boundsOf(created);
  return {
    from: Math.max(gte ?? -Infinity, gt === undefined ? -Infinity : gt + 1),
    to: Math.min(lte ?? Infinity, lt === undefined ? Infinity : lt - 1),
  };
};

const boundsOf = (created: Form) => ({
  gte: integer(created, "gte", 0),
  gt: integer(created, "gt", 0),
  lte: integer(created, "lte", 0),
  lt: integer(created, "lt", 0),
});
