/** SQL of the comparison. */
import { and, eq, gte, inArray, isNotNull, lt, ne, sql } from "drizzle-orm";
import type { Money } from "@shopnexus/contracts/kit/money";
import { DAY_MS } from "@shopnexus/contracts/kit/time";
import type { Db } from "#db/_kit/database.ts";
import { charge, finding, giveBack, reconciliation } from "#db/order/payments.ts";
import type { ChargeRow, GiveBackRow } from "../charge/rows.ts";
import { type Kind, sentenceOf } from "./rules.ts";

/** Longer than any payment, refund or event is on its way. */
const OVERLAP_MS = DAY_MS;

/** From when on to compare, and the moment that is covered when that is done. Leans on reconciliation's primary key. */
export const spanOf = async (db: Db, gateway: string): Promise<{ since: Date; until: Date }> => {
  const [row] = await db.execute<{ since: string; until: string }>(sql`
    select now() as until, coalesce(
      (select covered_until from ${reconciliation} where gateway = ${gateway}),
      (select min(created_at) from ${charge} where gateway = ${gateway}),
      now()) - make_interval(secs => ${OVERLAP_MS / 1_000}) as since`);
  return { since: new Date(row?.since ?? 0), until: new Date(row?.until ?? 0) };
};

/** A later run that began earlier moves nothing back. */
export const coverUntil = async (db: Db, gateway: string, until: Date): Promise<void> => {
  await db
    .insert(reconciliation)
    .values({ gateway, coveredUntil: until })
    .onConflictDoUpdate({
      target: reconciliation.gateway,
      set: {
        coveredUntil: sql`greatest(${reconciliation.coveredUntil}, excluded.covered_until)`,
        ranAt: sql`now()`,
      },
    });
};

/** Give-backs by their keys. Leans on the primary key. */
export const givenBackOf = async (db: Db, keys: readonly string[]): Promise<Map<string, GiveBackRow>> => {
  if (keys.length === 0) return new Map();
  const rows = await db
    .select()
    .from(giveBack)
    .where(inArray(giveBack.key, [...keys]));
  return new Map(rows.map((row) => [row.key, row]));
};

/** The gateway has given it back: what promised it need not say so any more. */
export const markPaid = async (db: Db, key: string): Promise<void> => {
  await db
    .update(giveBack)
    .set({ state: "paid", paidAt: sql`now()` })
    .where(and(eq(giveBack.key, key), eq(giveBack.state, "promised")));
};

/** Charges of a gateway since then that its list should have. Leans on charges_unended, or reads the time's charges. */
export const chargesSince = (db: Db, gateway: string, since: Date): Promise<ChargeRow[]> =>
  db
    .select()
    .from(charge)
    .where(and(eq(charge.gateway, gateway), gte(charge.createdAt, since), isNotNull(charge.gatewayRef)));

/** What went back at a gateway since then, by our own word. */
export const paidBackSince = async (db: Db, gateway: string, since: Date): Promise<GiveBackRow[]> => {
  const rows = await db
    .select({ row: giveBack })
    .from(giveBack)
    .innerJoin(charge, and(eq(charge.checkoutId, giveBack.checkoutId), eq(charge.state, "settled")))
    .where(
      and(
        eq(charge.gateway, gateway),
        eq(giveBack.state, "paid"),
        gte(giveBack.paidAt, since),
        ne(giveBack.gatewayMinor, 0),
      ),
    );
  return rows.map(({ row }) => row);
};

export type Found = {
  readonly kind: Kind;
  readonly gatewayRef: string;
  readonly chargeId: string | null;
  readonly amount: Money | null;
};

/** Keeps a finding; found again it is the same one, and open again. */
export const keepFinding = async (db: Db, gateway: string, found: Found): Promise<void> => {
  const { kind, gatewayRef, chargeId, amount } = found;
  await db
    .insert(finding)
    .values({
      findingKey: `${gateway}/${kind}/${gatewayRef}`,
      gateway,
      kind,
      gatewayRef,
      chargeId,
      amountMinor: amount?.minor ?? null,
      currency: amount?.currency ?? null,
      says: sentenceOf(kind),
    })
    .onConflictDoUpdate({ target: finding.findingKey, set: { seenAt: sql`now()`, endedAt: null } });
};

/** What was found since then and is not there any more has come to an end. */
export const endFindings = async (
  db: Db,
  gateway: string,
  { since, until }: { since: Date; until: Date },
): Promise<void> => {
  await db
    .update(finding)
    .set({ endedAt: sql`now()` })
    .where(
      and(
        eq(finding.gateway, gateway),
        gte(finding.foundAt, since),
        lt(finding.seenAt, until),
        sql`${finding.endedAt} is null`,
      ),
    );
};
