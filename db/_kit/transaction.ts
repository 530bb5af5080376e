import type { Db, Tx } from "./database.ts";

/** Postgres asks for these to be tried again: serialization failure, deadlock. Source: SQLSTATE class 40. */
const TRY_AGAIN = new Set(["40001", "40P01"]);
const TRY_COUNT_MAX = 3;

/** The SQLSTATE of a failed statement, wherever the driver put it. */
export const sqlState = (error: unknown): string | undefined => {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && typeof cause.code === "string" && /^[0-9A-Z]{5}$/.test(cause.code))
      return cause.code;
  }
  return undefined;
};

/** The name of the constraint that a failed statement broke. */
export const brokenConstraint = (error: unknown): string | undefined => {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("constraint_name" in cause && typeof cause.constraint_name === "string") return cause.constraint_name;
  }
  return undefined;
};

/** Runs `work` in one transaction: all of it or nothing. Read committed: correctness is in the writes. */
export const inTransaction = async <T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await db.transaction(work);
    } catch (error) {
      if (tries >= TRY_COUNT_MAX || !TRY_AGAIN.has(sqlState(error) ?? "")) throw error;
    }
  }
};
