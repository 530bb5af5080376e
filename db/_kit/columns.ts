/** The columns that every module spells the same way. */
import { bigint, char, text, timestamp } from "drizzle-orm/pg-core";
import type { IdPrefix } from "@shopnexus/contracts/kit/id";

/** An id as it stands on the wire. One spelling everywhere: what an operator copies from a log finds its row. */
export const id = <P extends IdPrefix>(_prefix: P, name?: string) => (name === undefined ? text() : text(name));

/** Minor units; the driver's number is exact up to 2^53, MINOR_MAX is far below. */
export const minor = () => bigint({ mode: "number" });
export const currency = () => char({ length: 3 });
export const at = () => timestamp({ withTimezone: true, mode: "date" });
export const createdAt = () => at().notNull().defaultNow();
