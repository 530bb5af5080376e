import type { AddressInfo, Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";
import type { Box } from "./box.ts";
import { parseMail } from "./shapes.ts";

export type Listening = { port: number; stop(): Promise<void> };

type Done = (error?: Error | null, says?: string) => void;
type Options = { port: number; hostname: string; box: Box; now(): number };

/** A mail server that takes everything from everybody and delivers nothing. */
export const listenSmtp = ({ port, hostname, box, now }: Options): Promise<Listening> => {
  const sockets = new Map<number, Socket>();
  const take = async (stream: SMTPServerDataStream, session: SMTPServerSession, done: Done) => {
    try {
      const source = await buffer(stream);
      refuseAsTold(box);
      box.put(await parseMail(source, { ...envelopeOf(session), receivedAt: new Date(now()).toISOString() }));
    } catch (error) {
      return done(error as Error);
    }
    if (box.trouble.drop === 0) return done(null, "Kept; nobody will ever get it");
    box.trouble.drop -= 1;
    sockets.get(session.remotePort)?.destroy();
  };
  const smtp = new SMTPServer({
    disabledCommands: ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    closeTimeout: 0,
    onData: (stream, session, done) => void take(stream, session, done),
  });
  smtp.server.on("connection", (socket: Socket) => {
    const place = socket.remotePort ?? 0;
    sockets.set(place, socket);
    socket.once("close", () => sockets.delete(place));
  });
  // A client that leaves in the middle is no news.
  smtp.on("error", () => {});
  const stop = () =>
    new Promise<void>((resolve) => {
      smtp.close(() => resolve());
      for (const socket of sockets.values()) socket.destroy();
    });
  return new Promise((resolve, reject) => {
    smtp.server.once("error", reject);
    smtp.listen(port, hostname, () => {
      smtp.server.off("error", reject);
      resolve({ port: (smtp.server.address() as AddressInfo).port, stop });
    });
  });
};

const refuseAsTold = ({ trouble }: Box): void => {
  if (trouble.refuse === 0) return;
  trouble.refuse -= 1;
  throw Object.assign(new Error("Refused, as it was told to be"), { responseCode: trouble.code });
};

const envelopeOf = ({ envelope: { mailFrom, rcptTo } }: SMTPServerSession) => ({
  from: mailFrom === false ? "" : mailFrom.address,
  to: rcptTo.map(({ address }) => address),
});
