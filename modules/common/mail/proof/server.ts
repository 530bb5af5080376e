/** A mail server that says what it is told to say: for the refusals that a good one hardly ever gives. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";

export type Script = Readonly<Record<string, string>>;

const POLITE: Script = {
  greeting: "220 here",
  EHLO: "250-here\r\n250 AUTH PLAIN",
  AUTH: "235 known",
  MAIL: "250 ok",
  RCPT: "250 ok",
  DATA: "354 go on",
  ".": "250 kept",
  QUIT: "221 bye",
  RSET: "250 ok",
};

/** Answers each command by its first word, politely unless the script says otherwise. Gives its address, and its end. */
export const scriptedServer = async (script: Script): Promise<{ url: string; stop(): Promise<void> }> => {
  const says = { ...POLITE, ...script };
  const server = createServer((socket) => void talk(socket, says));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `smtp://us:secret@127.0.0.1:${port}`,
    stop: async () => {
      await once(server.close(), "close");
    },
  };
};

const talk = async (socket: Socket, says: Script): Promise<void> => {
  socket.on("error", () => undefined);
  const say = (word: string) => socket.write(`${says[word] ?? "500 what?"}\r\n`);
  say("greeting");
  let isInData = false;
  for await (const line of createInterface({ input: socket })) {
    if (isInData && line !== ".") continue;
    const word = line.split(" ")[0]?.toUpperCase() ?? "";
    say(word);
    isInData = word === "DATA" && (says["DATA"] ?? "").startsWith("354");
    if (word === "QUIT") socket.end();
  }
};
