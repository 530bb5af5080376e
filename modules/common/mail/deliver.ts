import type { Letter } from "@shopnexus/contracts/common/letter";
import type { Mail } from "@shopnexus/contracts/common/mail";
import type { Db } from "#db/_kit/database.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { claimMail, closeMail, findMail, insertMail, type MailRow } from "./rows.ts";
import { messageIdOf } from "./rules.ts";
import type { MailServer } from "./server/port.ts";
import { smtpServer } from "./server/smtp.ts";
import { write } from "./templates/write.ts";

export const deliver: Step<typeof Mail, "deliver"> = async (
  { email, displayName, letter },
  { db, settings },
) => {
  const { messageKey } = letter;
  const messageId = messageIdOf(messageKey, settings.mail?.from ?? "");
  await insertMail(db, { messageId, recipient: email, recipientName: displayName, letter });
  if (settings.mail === undefined) await closeMail(db, messageKey, { state: "skipped" });
  else await attempt(db, messageKey, smtpServer(settings.mail));
  const row = await findMail(db, messageKey);
  assert(row, "it was inserted above, and no mail is ever deleted");
  return { state: row.state };
};

/**
 * Takes the mail in hand, sends it, writes down what became of it: not one transaction, as the world outside has none.
 * Cut off between them it stays in hand for a while, and then goes again under the same Message-ID.
 */
const attempt = async (db: Db, messageKey: string, server: MailServer): Promise<void> => {
  const mine = await claimMail(db, messageKey);
  if (mine === undefined) return;
  const to = { email: mine.recipient, name: mine.recipientName };
  const outcome = await server.send({ messageId: mine.messageId, to, ...write(letterOf(mine)) });
  await closeMail(db, messageKey, outcome);
};

/** As it was first asked for, whatever a repeat says. */
const letterOf = ({ template, facts }: MailRow) =>
  ({ template, data: facts }) as Pick<Letter, "template" | "data">;
