import { randomUUID } from "node:crypto";
import PostalMime from "postal-mime";

export type Attachment = Readonly<{ filename: string | null; mimeType: string; content: Buffer }>;

/** A mail as it came in. */
export type CaughtMail = Readonly<{
  mailId: string;
  /** Who the header says it is from; the address alone. */
  from: string;
  /** Whom the envelope names, which is who gets it. */
  to: readonly string[];
  subject: string;
  /** With its angle brackets; empty when the sender gave none. */
  messageId: string;
  text: string;
  html: string;
  /** By lower-case name; the last one of a name that comes twice. */
  headers: Readonly<Record<string, string>>;
  attachments: readonly Attachment[];
  receivedAt: string;
}>;

type Envelope = { from: string; to: readonly string[]; receivedAt: string };

export const parseMail = async (source: Buffer, { from, to, receivedAt }: Envelope): Promise<CaughtMail> => {
  const mail = await PostalMime.parse(source);
  return {
    mailId: `mail_${randomUUID().replaceAll("-", "")}`,
    from: mail.from?.address ?? from,
    to,
    subject: mail.subject ?? "",
    messageId: mail.messageId ?? "",
    text: mail.text ?? "",
    html: mail.html ?? "",
    headers: Object.fromEntries(mail.headers.map(({ key, value }) => [key, value])),
    attachments: mail.attachments.map(({ filename, mimeType, content }) => ({
      filename,
      mimeType,
      content: Buffer.from(content as ArrayBuffer),
    })),
    receivedAt,
  };
};
