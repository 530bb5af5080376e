import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { type Child, type ChildPlan, startChild } from "./child.ts";
import { onOwnPorts } from "./ports.ts";
import { findRedis, type RedisBinary } from "./redis-binary.ts";
import type { Site } from "./site.ts";

export type Redis = { child: Child; url: string };
type Entrance = { port: number; password: string };

const ANSWER_WITHIN_MS = 500;

/** Nothing when this machine has no Redis and cannot get one: the shop works without, only with more waiting at locks. */
export async function startRedis(site: Site): Promise<Redis | undefined> {
  const binary = await findRedis(site);
  if (typeof binary === "string") {
    site.progress(
      `Redis is left out: ${binary}. Install redis-server, or set REDIS_URL to a Redis of yours.`,
    );
    return undefined;
  }
  const folder = join(site.dir, "redis");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const password = ownPassword(folder);
  return onOwnPorts(site.dir, ["redis"], async ([port = 0]) => {
    const child = await startChild(site, plan(binary, folder, { port, password }));
    return { child, url: `redis://:${password}@127.0.0.1:${port}/0` };
  });
}

// Keeps out the machine's other users, who reach the same loopback; in a file, because arguments are public.
function ownPassword(folder: string): string {
  const path = join(folder, "password");
  if (!existsSync(path)) writeFileSync(path, randomBytes(18).toString("base64url"), { mode: 0o600 });
  return readFileSync(path, "utf8").trim();
}

function plan(binary: RedisBinary, folder: string, entrance: Entrance): ChildPlan {
  const { port } = entrance;
  return {
    name: "redis",
    command: binary.command,
    args: ["redis.conf"],
    env: binary.env,
    cwd: folder,
    ports: [port],
    quitSignal: "SIGTERM",
    prepare: () => writeFileSync(join(folder, "redis.conf"), configuration(entrance), { mode: 0o600 }),
    isReady: () => answers(entrance),
  };
}

function configuration({ port, password }: Entrance): string {
  const lines = [
    "bind 127.0.0.1",
    `port ${port}`,
    `requirepass ${password}`,
    "dir .",
    "daemonize no",
    "appendonly yes", // what was answered survives a kill
    'save ""', // no snapshots beside it
  ];
  return `${lines.join("\n")}\n`;
}

function answers({ port, password }: Entrance): Promise<boolean> {
  return new Promise((answer) => {
    const socket = connect({ port, host: "127.0.0.1", timeout: ANSWER_WITHIN_MS });
    let heard = "";
    const settle = (isReady: boolean) => {
      socket.destroy();
      answer(isReady);
    };
    socket.on("connect", () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    socket.on("data", (bytes) => {
      heard += bytes.toString("latin1");
      if (heard.includes("+PONG")) settle(true);
      else if (heard.includes("-")) settle(false); // still loading, or not ours
    });
    socket.on("timeout", () => settle(false));
    socket.on("error", () => settle(false));
    socket.on("close", () => settle(false));
  });
}
