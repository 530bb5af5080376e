/** SQL of accounts, sessions and their refresh tokens. */
import { and, eq, gt, isNull, type SQL, sql } from "drizzle-orm";
import { QueryBuilder } from "drizzle-orm/pg-core";
import type { Role } from "@shopnexus/contracts/account/login";
import type { Db, Tx } from "#db/_kit/database.ts";
import { account, accountRole, refreshToken, session, suspension } from "#db/account/tables.ts";
import { assert } from "#modules/_kit/assert.ts";
import { inOrder } from "./rules.ts";

const isEmail = (email: string) => eq(sql`lower(${account.email})`, sql`lower(${email})`);

/** Is the account of the row suspended? By `suspension_current_twice`, which is as small as the list of those that are. */
const isSuspended = (accountId: SQL) => sql<boolean>`exists (
  select from ${suspension} as current where current.account_id = ${accountId} and current.lifted_at is null)`;

type Credentials = { accountId: string; passwordHash: string; isSuspended: boolean };

/** By `account_email_taken`. */
export const findCredentials = async (db: Db, email: string): Promise<Credentials | undefined> => {
  const [found] = await db
    .select({
      accountId: account.accountId,
      passwordHash: account.passwordHash,
      isSuspended: isSuspended(sql`"account"."account"."account_id"`),
    })
    .from(account)
    .where(isEmail(email));
  return found;
};

export type NewAccount = Pick<
  typeof account.$inferInsert,
  "accountId" | "email" | "passwordHash" | "displayName"
>;

/** False when the email, or the very account, is there already. */
export const insertAccount = async (tx: Tx, row: NewAccount): Promise<boolean> => {
  const inserted = await tx
    .insert(account)
    .values(row)
    .onConflictDoNothing()
    .returning({ accountId: account.accountId });
  return inserted.length === 1;
};

/** Is this account the one that has the email? */
export const ownsEmail = async (tx: Tx, accountId: string, email: string): Promise<boolean> => {
  const owners = await tx
    .select({ accountId: account.accountId })
    .from(account)
    .where(and(eq(account.accountId, accountId), isEmail(email)));
  return owners.length === 1;
};

export const selectRoles = async (tx: Tx, accountId: string): Promise<Role[]> => {
  const held = await tx
    .select({ role: accountRole.role })
    .from(accountRole)
    .where(eq(accountRole.accountId, accountId));
  return inOrder(held.map(({ role }) => role));
};

/** By `suspension_current_twice`. */
export const isShutOut = async (tx: Tx, accountId: string): Promise<boolean> => {
  const current = await tx
    .select({ accountId: suspension.accountId })
    .from(suspension)
    .where(and(eq(suspension.accountId, accountId), isNull(suspension.liftedAt)));
  return current.length === 1;
};

export type Session = {
  readonly sessionId: string;
  readonly accountId: string;
  readonly tokenSecret: string;
};
const sessionFields = {
  sessionId: session.sessionId,
  accountId: session.accountId,
  tokenSecret: session.tokenSecret,
};

/** The session of that id: the one given, or the one that an earlier attempt of the same call opened. */
export const openSession = async (tx: Tx, row: typeof session.$inferInsert): Promise<Session> => {
  const [opened] = await tx.insert(session).values(row).onConflictDoNothing().returning(sessionFields);
  return opened ?? selectSession(tx, row.sessionId);
};

export const selectSession = async (tx: Tx, sessionId: string): Promise<Session> => {
  const [found] = await tx.select(sessionFields).from(session).where(eq(session.sessionId, sessionId));
  assert(found !== undefined, "sessions are never deleted");
  return found;
};

/** Lets an open session live until `expiresAt`; undefined when it is closed. Its row is held until the commit. */
export const extendSession = async (
  tx: Tx,
  sessionId: string,
  expiresAt: Date,
): Promise<Session | undefined> => {
  const [extended] = await tx
    .update(session)
    .set({ expiresAt })
    .where(and(eq(session.sessionId, sessionId), isNull(session.closedAt)))
    .returning(sessionFields);
  return extended;
};

export type Closing = Required<
  Pick<typeof session.$inferInsert, "closedAt" | "closeReason" | "closedByCall">
>;

/** False when it was closed before. */
export const closeSession = async (tx: Tx, sessionId: string, closing: Closing): Promise<boolean> => {
  const closed = await tx
    .update(session)
    .set(closing)
    .where(and(eq(session.sessionId, sessionId), isNull(session.closedAt)))
    .returning({ sessionId: session.sessionId });
  return closed.length === 1;
};

export type Token = typeof refreshToken.$inferSelect;

/** The token as it is kept: as given, or as an earlier attempt of the same call left it. */
export const insertToken = async (tx: Tx, row: typeof refreshToken.$inferInsert): Promise<Token> => {
  const [issued] = await tx.insert(refreshToken).values(row).onConflictDoNothing().returning();
  const kept = issued ?? (await findToken(tx, row.tokenHash));
  assert(kept !== undefined, "the conflict was with the token itself");
  return kept;
};

export const findToken = async (tx: Tx, tokenHash: string): Promise<Token | undefined> => {
  const [found] = await tx.select().from(refreshToken).where(eq(refreshToken.tokenHash, tokenHash));
  return found;
};

/** Marks an unused, unexpired token as used by this call; of two at once, one gets it. */
export const spendToken = async (
  tx: Tx,
  tokenHash: string,
  by: { usedByCall: string; usedAt: Date },
): Promise<Token | undefined> => {
  const [spent] = await tx
    .update(refreshToken)
    .set(by)
    .where(
      and(
        eq(refreshToken.tokenHash, tokenHash),
        isNull(refreshToken.usedAt),
        gt(refreshToken.expiresAt, by.usedAt),
      ),
    )
    .returning();
  return spent;
};

/** Was it this call that closed the session? */
export const isClosedBy = async (tx: Tx, sessionId: string, closedByCall: string): Promise<boolean> => {
  const closed = await tx
    .select({ sessionId: session.sessionId })
    .from(session)
    .where(and(eq(session.sessionId, sessionId), eq(session.closedByCall, closedByCall)));
  return closed.length === 1;
};

const OPEN_SESSION = new QueryBuilder()
  .select({ isSuspended: isSuspended(sql`"account"."session"."account_id"`).as("isSuspended") })
  .from(session)
  .where(
    and(
      eq(session.sessionId, sql.placeholder("sessionId")),
      isNull(session.closedAt),
      gt(session.expiresAt, sql.placeholder("now")),
    ),
  )
  .toSQL().sql;

/**
 * By the primary key. Every authenticated call asks this, so it goes to the driver itself: a statement that Postgres
 * keeps takes one round trip, the query builder's takes two.
 */
export const findOpenSession = async (
  db: Db,
  sessionId: string,
  now: Date,
): Promise<{ isSuspended: boolean } | undefined> => {
  const ask = [sessionId, now.toISOString()];
  const [open] = await db.$client.unsafe<{ isSuspended: boolean }[]>(OPEN_SESSION, ask, { prepare: true });
  return open;
};
