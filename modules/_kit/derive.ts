/** Ids and hashes that follow from what is given: a repeat finds the same ones, and nobody needs to remember them. */
import { createHash } from "node:crypto";
import type * as restate from "@restatedev/restate-sdk";
import { type IdPrefix, makeId } from "@shopnexus/contracts/kit/id";

/** Stable JSON: keys in order, so that equal values have equal text. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** An id that follows from its parts: a UUIDv8 over their hash. Source: RFC 9562, 5.8. */
export const deriveId = (prefix: IdPrefix, ...parts: readonly string[]): string => {
  const digest = sha256(canonical([prefix, ...parts]));
  const variant = ((Number.parseInt(digest.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `${prefix}_${digest.slice(0, 12)}8${digest.slice(13, 16)}${variant}${digest.slice(17, 32)}`;
};

/** A fresh UUIDv7 by the journal's dice, for handlers: a replay draws the same one. */
export const newId = (ctx: restate.Context, prefix: IdPrefix, nowMs: number): string =>
  makeId(prefix, nowMs, () => ctx.rand.random());
