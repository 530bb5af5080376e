/** Mail: one for each business event, however often it is asked for, kept until the mail server has it. */
import { z } from "zod";
import { Email } from "../account/login.ts";
import { ProfileRefusals } from "../account/profile.ts";
import { op, read, service, step } from "../_kit/contract.ts";
import { page, pageFields } from "../_kit/page.ts";
import { Instant } from "../_kit/time.ts";
import { Done } from "../_kit/word.ts";
import { Letter, MailTemplate, MessageKey } from "./letter.ts";

/** `refused`: the mail server will never take it, or did not for five days. `skipped`: this shop has no mail server. */
export const MailState = z.enum(["queued", "sent", "refused", "skipped"]);

export const MailView = z.object({
  messageKey: z.string(),
  /** The `Message-ID` header, without its brackets; it follows from the key. */
  messageId: z.string(),
  recipient: z.string(),
  template: MailTemplate,
  state: MailState,
  attempts: z.int(),
  /** What the mail server said when it last did not take it. */
  reason: z.string().nullable(),
  queuedAt: Instant,
  sentAt: Instant.nullable(),
});

export const Mail = service("Mail", {
  /** Writes a letter, and keeps at it until the mail server has it or will never take it.
   *  Takes    messageKey, the caller's name for what happened; to whom; a template and its facts
   *  Refuses  ACCOUNT_UNKNOWN
   *  Repeats  same messageKey: one mail, the first */
  post: op(Letter, Done, { who: "module", refuses: [ProfileRefusals.ACCOUNT_UNKNOWN] }),

  /** Hands one letter to the mail server, once.
   *  Takes    the letter, and the address and name that its addressee has
   *  Gives    what became of it; queued: the mail server did not take it for now
   *  Repeats  same messageKey: what was sent is not sent again; what was cut off goes again under the same Message-ID */
  deliver: step(
    z.strictObject({ email: Email, displayName: z.string().max(200).nullable(), letter: Letter }),
    z.object({ state: MailState }),
    { who: "module" },
  ),

  /** Mails, newest first, by page.
   *  Takes    the beginning of a messageKey, or a state, or both; limit 1 to 100, 20 if absent */
  find: read(
    z.strictObject({ keyPrefix: MessageKey.optional(), state: MailState.optional(), ...pageFields }),
    page(MailView),
    { who: "operator" },
  ),
});
