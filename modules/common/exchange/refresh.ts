import type { Exchange } from "@shopnexus/contracts/common/exchange";
import { sql } from "drizzle-orm";
import type { Db } from "#db/_kit/database.ts";
import { rate } from "#db/common/tables.ts";
import type { Step } from "#modules/_kit/handler.ts";
import type { Snapshot } from "./source/port.ts";
import { restSource } from "./source/rest.ts";
import { PIVOT } from "./rules.ts";

export const refresh: Step<typeof Exchange, "refresh"> = async (_nothing, { db, settings }) => {
  if (settings.exchange === undefined) return { freshCount: 0 };
  const snapshot = await restSource(settings.exchange).latest(PIVOT);
  return { freshCount: await upsertRates(db, snapshot) };
};

/** A clock ahead of ours would make its rates the newest until we have caught up. */
const takenAtOf = ({ takenAt }: Snapshot): Date => new Date(Math.min(Date.parse(takenAt), Date.now()));

/** In one order, so that two at once wait in line; only what is newer is written. Leans on rate_once_a_pair. */
const upsertRates = async (db: Db, snapshot: Snapshot): Promise<number> => {
  const takenAt = takenAtOf(snapshot);
  const rows = Object.entries(snapshot.rates)
    .filter(([currency]) => currency !== PIVOT)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([currency, value]) => ({ base: PIVOT, currency, rate: value, takenAt }));
  if (rows.length === 0) return 0;
  const fresh = await db
    .insert(rate)
    .values(rows)
    .onConflictDoUpdate({
      target: [rate.base, rate.currency],
      set: { rate: sql`excluded.rate`, takenAt: sql`excluded.taken_at` },
      setWhere: sql`${rate.takenAt} < excluded.taken_at`,
    })
    .returning({ currency: rate.currency });
  return fresh.length;
};
