import type { Mail } from "@shopnexus/contracts/common/mail";
import type { In, Out } from "@shopnexus/contracts/kit/contract";
import { cutPage, PAGE_LIMIT } from "@shopnexus/contracts/kit/page";
import { instant } from "@shopnexus/contracts/kit/time";
import { and, desc, eq, lt, sql } from "drizzle-orm";
import type { Db } from "#db/_kit/database.ts";
import { mail } from "#db/common/tables.ts";
import type { Step } from "#modules/_kit/handler.ts";
import type { MailRow } from "./rows.ts";
import { positionIn } from "./rules.ts";

export const find: Step<typeof Mail, "find"> = async (ask, { db }) => {
  const limit = ask.limit ?? PAGE_LIMIT;
  const page = cutPage(await listMails(db, { ...ask, limit: limit + 1 }), limit, (row) =>
    String(row.position),
  );
  return { ...page, items: page.items.map(shown) };
};

/** Leans on mail_newest, mail_newest_of_state; a key's beginning is looked for along them. */
const listMails = (db: Db, ask: In<typeof Mail, "find"> & { limit: number }): Promise<MailRow[]> =>
  db
    .select()
    .from(mail)
    .where(
      and(
        lt(mail.position, positionIn(ask.after)),
        ask.state && eq(mail.state, ask.state),
        ask.keyPrefix === undefined ? undefined : sql`starts_with(${mail.messageKey}, ${ask.keyPrefix})`,
      ),
    )
    .orderBy(desc(mail.position))
    .limit(ask.limit);

type View = Out<typeof Mail, "find">["items"][number];

const shown = (row: MailRow): View => ({
  messageKey: row.messageKey,
  messageId: row.messageId,
  recipient: row.recipient,
  template: row.template as View["template"], // deliver takes no other
  state: row.state,
  attempts: row.attempts,
  reason: row.reason,
  queuedAt: instant(row.queuedAt.getTime()),
  sentAt: row.sentAt && instant(row.sentAt.getTime()),
});
