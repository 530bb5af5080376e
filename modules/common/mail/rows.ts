/** SQL that keeps one row a mail: who has it in hand, and what became of it. */
import type { Letter } from "@shopnexus/contracts/common/letter";
import { and, eq, isNull, lt, or, sql } from "drizzle-orm";
import type { Db } from "#db/_kit/database.ts";
import { mail } from "#db/common/tables.ts";
import type { Outcome } from "./server/port.ts";
import { CLAIM_MS, PATIENCE_MS } from "./rules.ts";

export type MailRow = typeof mail.$inferSelect;
export type NewMail = {
  readonly messageId: string;
  readonly recipient: string;
  readonly recipientName: string | null;
  readonly letter: Letter;
};

/** The first of a key stays. Leans on mail_pkey. */
export const insertMail = async (db: Db, { letter, ...given }: NewMail): Promise<void> => {
  const { messageKey, template } = letter;
  const row = { messageKey, template, facts: letter.data, state: "queued" as const, ...given };
  await db.insert(mail).values(row).onConflictDoNothing({ target: mail.messageKey });
};

/** Takes a queued mail in hand; undefined when it is not queued, or in other hands. Leans on mail_pkey. */
export const claimMail = async (db: Db, messageKey: string): Promise<MailRow | undefined> => {
  const rows = await db
    .update(mail)
    .set({ attempts: sql`${mail.attempts} + 1`, claimedUntil: sql`now() + ${CLAIM_MS} * interval '1 ms'` })
    .where(
      and(
        eq(mail.messageKey, messageKey),
        eq(mail.state, "queued"),
        or(isNull(mail.claimedUntil), lt(mail.claimedUntil, sql`now()`)),
      ),
    )
    .returning();
  return rows[0];
};

/** Leans on mail_pkey. */
export const findMail = async (db: Db, messageKey: string): Promise<MailRow | undefined> => {
  const rows = await db.select().from(mail).where(eq(mail.messageKey, messageKey));
  return rows[0];
};

/** Lets a mail out of hand with what became of it. Who was deferred for too long is refused by us. Leans on mail_pkey. */
export const closeMail = async (
  db: Db,
  messageKey: string,
  outcome: Outcome | { state: "skipped" },
): Promise<void> => {
  const isTooLate = sql`${mail.queuedAt} < now() - ${PATIENCE_MS} * interval '1 ms'`;
  const state =
    outcome.state === "deferred"
      ? sql`case when ${isTooLate} then 'refused' else 'queued' end`
      : outcome.state;
  await db
    .update(mail)
    .set({
      state,
      claimedUntil: null,
      reason: "reason" in outcome ? outcome.reason : null,
      sentAt: outcome.state === "sent" ? sql`now()` : null,
    })
    .where(and(eq(mail.messageKey, messageKey), eq(mail.state, "queued")));
};
