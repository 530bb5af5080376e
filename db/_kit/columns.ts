/** The columns that every module spells the same way. */
import { sql } from "drizzle-orm";
import { type AnyPgColumn, bigint, char, text, timestamp } from "drizzle-orm/pg-core";
import type { IdPrefix } from "@shopnexus/contracts/kit/id";

/** An id as it stands on the wire. One spelling everywhere: what an operator copies from a log finds its row. */
export const id = (_prefix: IdPrefix, name: string) => text(name);

/** Minor units; the driver's number is exact up to 2^53, MINOR_MAX is far below. */
export const minor = (name: string) => bigint(name, { mode: "number" });
export const currency = (name: string) => char(name, { length: 3 });
export const at = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });
export const createdAt = (name: string) => at(name).notNull().defaultNow();

/** A state or a kind is text that a list names, most often one of a contract page. */
export const oneOf = (column: AnyPgColumn, words: readonly string[]) =>
  sql`${column} in (${sql.raw(words.map((word) => `'${word}'`).join(", "))})`;
