/** How long the audit takes over books of two sizes, and how that grows. */
import postgres from "postgres";
import { audit } from "#tools/audit/audit.ts";
import { makeOrders } from "#tools/audit/bulk.ts";
import type { Progress } from "#tools/dev/progress.ts";
import { freshDatabase, type World } from "./world.ts";

export const BOOK_SIZES = [10_000, 100_000] as const;

export type Books = {
  readonly runs: ReadonlyArray<{ orders: number; ms: number; isClean: boolean }>;
  /** How many times as long for ten times as many orders: 10 is linear. */
  readonly growth: number;
};

export const measureBooks = async (world: World, progress: Progress): Promise<Books> => {
  const runs: { orders: number; ms: number; isClean: boolean }[] = [];
  for (const orders of BOOK_SIZES) {
    progress(`books of ${orders} orders`);
    const url = await freshDatabase(world.stack.postgresUrl, `bench_books_${orders}`);
    const sql = postgres(url, { max: 1, onnotice: () => undefined });
    await makeOrders(sql, orders);
    await sql.end();
    const { ok, tookMs } = await audit({ databaseUrls: { account: url, order: url, inventory: url } });
    runs.push({ orders, ms: tookMs, isClean: ok });
  }
  const [small, large] = runs;
  return { runs, growth: Math.round(((large?.ms ?? 0) / (small?.ms || 1)) * 10) / 10 };
};
