/** SQL that the verbs of exchange rates share. */
import type { Currency } from "@shopnexus/contracts/kit/money";
import { and, eq, inArray } from "drizzle-orm";
import type { Db } from "#db/_kit/database.ts";
import { rate } from "#db/common/tables.ts";
import { type Known, PIVOT } from "./rules.ts";

/** The newest rates of some currencies, or of all. Leans on rate_once_a_pair. */
export const listRates = (db: Db, currencies?: readonly Currency[]): Promise<Known[]> =>
  db
    .select({ currency: rate.currency, rate: rate.rate, takenAt: rate.takenAt })
    .from(rate)
    .where(and(eq(rate.base, PIVOT), currencies && inArray(rate.currency, [...currencies])))
    .orderBy(rate.currency);
