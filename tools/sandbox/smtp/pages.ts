import { escape, page } from "../pages.ts";
import type { CaughtMail } from "./shapes.ts";

/** Every mail that came in, newest first. */
export const mailsPage = (mails: readonly CaughtMail[]): string =>
  page(
    "Mails (EMULATOR)",
    `<p>Nobody got any of these. ${mails.length === 0 ? "None came yet." : ""}</p>
<table><tbody>${mails.map(row).join("")}</tbody></table>`,
  );

const row = ({ mailId, receivedAt, to, subject }: CaughtMail): string =>
  `<tr><td>${receivedAt}</td><td>${escape(to.join(", "))}</td>
<td><a href="/mails/${mailId}">${escape(subject || "(no subject)")}</a></td></tr>`;

/** One mail. Its HTML stands in a frame that may run nothing. */
export const mailPage = ({
  from,
  to,
  subject,
  messageId,
  receivedAt,
  text,
  html,
  ...mail
}: CaughtMail): string =>
  page(
    escape(subject || "(no subject)"),
    `<p><a href="/mails">All mails</a></p>
<p>From ${escape(from)} to ${escape(to.join(", "))}, ${receivedAt}, <code>${escape(messageId)}</code></p>
<ul>${mail.attachments.map((_one, place) => attachment(mail, place)).join("")}</ul>
${html === "" ? "" : `<iframe sandbox="" width="100%" height="600" srcdoc="${escape(html)}"></iframe>`}
<pre>${escape(text)}</pre>`,
  );

const attachment = ({ mailId, attachments }: Pick<CaughtMail, "mailId" | "attachments">, place: number) =>
  `<li><a href="/mails/${mailId}/attachments/${place}">${escape(attachments[place]?.filename ?? "attachment")}</a></li>`;
