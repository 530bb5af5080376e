/** A place for a process that may be killed: another one takes it, and is asked again what the first did not answer. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Answer, Ask } from "./asks.ts";
import type { World } from "./world.ts";

export type Berth = {
  /** Asks, until there is an answer: a process that is killed with it in hand is no answer. */
  tell(ask: Ask): Promise<Answer>;
  /** Kills the process and starts another; how many asks it had in hand. */
  strike(): Promise<number>;
  close(): Promise<void>;
};

type Open = {
  readonly ask: Ask;
  readonly done: (answer: Answer) => void;
  readonly fail: (error: Error) => void;
};

export const openBerth = (url: string, world: World): Berth => {
  const open = new Map<number, Open>();
  let askCount = 0;
  const say = (child: ChildProcess, number: number, ask: Ask) =>
    child.stdin?.write(`${JSON.stringify({ number, ask })}\n`);
  const start = (): ChildProcess => {
    const file = new URL("./worker.ts", import.meta.url).pathname;
    const begun = spawn(process.execPath, [file, url, JSON.stringify(world)], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    // It was killed while it was being told: it will be told again.
    begun.stdin.on("error", () => undefined);
    createInterface({ input: begun.stdout }).on("line", (line) => {
      const { number, answer } = JSON.parse(line) as { number: number; answer: Answer };
      open.get(number)?.done(answer);
      open.delete(number);
    });
    begun.on("exit", (code) => {
      for (const { fail } of code === null ? [] : open.values()) fail(new Error(`it ended with ${code}`));
    });
    for (const [number, { ask }] of open) say(begun, number, ask);
    return begun;
  };
  let child = start();
  const end = async (how: () => void): Promise<void> => {
    const ended = once(child, "exit");
    how();
    await ended;
  };
  return {
    tell: (ask) =>
      new Promise((done, fail) => {
        askCount += 1;
        open.set(askCount, { ask, done, fail });
        say(child, askCount, ask);
      }),
    strike: async () => {
      await end(() => child.kill("SIGKILL"));
      const inHand = open.size;
      child = start();
      return inHand;
    },
    close: () => end(() => child.stdin?.end()),
  };
};
