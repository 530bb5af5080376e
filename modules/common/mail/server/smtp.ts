import { createTransport } from "nodemailer";
import { SECOND_MS } from "@shopnexus/contracts/kit/time";
import type { MailSettings } from "#modules/_kit/settings.ts";
import type { MailServer, Outcome } from "./port.ts";

/** A server that says nothing for so long is taken to be away. */
const SILENCE_MS = 15 * SECOND_MS;

export const smtpServer = ({ smtpUrl, from }: MailSettings): MailServer => ({
  send: async ({ messageId, to, subject, text, html }) => {
    const transport = createTransport({
      url: smtpUrl,
      connectionTimeout: SILENCE_MS,
      greetingTimeout: SILENCE_MS,
      socketTimeout: SILENCE_MS,
      // Nothing of a letter names a file or an address to read from.
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    try {
      const address = to.name === null ? to.email : { name: to.name, address: to.email };
      await transport.sendMail({ messageId: `<${messageId}>`, from, to: address, subject, text, html });
      return { state: "sent" };
    } catch (error) {
      return outcomeOf(error);
    } finally {
      transport.close();
    }
  },
});

/**
 * A 5xx to the recipient or to the mail itself is for ever. One to our name, password or sender is about our settings:
 * the mails wait until somebody has put them right. Source: RFC 5321, 4.2.1.
 */
const outcomeOf = (error: unknown): Outcome => {
  const { responseCode = 0, command = "" } = error as { responseCode?: number; command?: string };
  const reason = error instanceof Error ? error.message.slice(0, REASON_LENGTH_MAX) : "unknown";
  const isForEver = responseCode >= 500 && responseCode < 600 && ["RCPT TO", "DATA"].includes(command);
  return { state: isForEver ? "refused" : "deferred", reason };
};

const REASON_LENGTH_MAX = 300;
