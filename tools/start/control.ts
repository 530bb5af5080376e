/** A door for the demonstration: it asks the process that owns the servers to kill one. Loopback only, by token. */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { z } from "zod";
import type { HousePart } from "./house.ts";

export type Control = { url: string; token: string; close(): void };

export const KillPart = z.enum(["app", "restate", "postgres", "redis"]);
export const Killed = z.object({
  part: KillPart,
  pidsBefore: z.array(z.number()),
  pidsAfter: z.array(z.number()),
  /** From the signal to the process's end. */
  killMs: z.number(),
  /** From then on until it served again; null where it was left dead. */
  restartMs: z.number().nullable(),
});
export type Killed = z.infer<typeof Killed>;

type Target = {
  pids(): Record<string, number>;
  kill(part: HousePart): Promise<void>;
  restart(part: HousePart): Promise<void>;
};

export const openControl = async (target: Target): Promise<Control> => {
  const token = randomBytes(24).toString("hex");
  const server = createServer((request, response) => void serve(request, response, { target, token }));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, token, close: () => server.close().closeAllConnections() };
};

type Door = { target: Target; token: string };

const serve = async (request: IncomingMessage, response: ServerResponse, door: Door): Promise<void> => {
  const reply = (status: number, body: unknown) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  if (!isEntitled(request, door.token))
    return void reply(401, { says: "The token of stack.json is needed." });
  const part = KillPart.safeParse(/^\/kill\/([a-z]+)$/.exec(request.url ?? "")?.[1]);
  if (request.method !== "POST" || !part.success) return void reply(404, { says: "POST /kill/<part>" });
  try {
    const { restart = false } = JSON.parse((await text(request)) || "{}") as { restart?: boolean };
    reply(200, await kill(door.target, part.data, restart));
  } catch (error) {
    reply(409, { says: (error as Error).message });
  }
};

const isEntitled = (request: IncomingMessage, token: string): boolean => {
  const given = Buffer.from(request.headers.authorization ?? "");
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
};

const kill = async (target: Target, part: HousePart, isRestarted: boolean): Promise<Killed> => {
  const pids = () =>
    Object.entries(target.pids()).flatMap(([name, pid]) => (name.split("-")[0] === part ? [pid] : []));
  const pidsBefore = pids();
  const startedMs = performance.now();
  await target.kill(part);
  const killedMs = performance.now();
  if (isRestarted) await target.restart(part);
  return {
    part,
    pidsBefore,
    pidsAfter: pids(),
    killMs: Math.round(killedMs - startedMs),
    restartMs: isRestarted ? Math.round(performance.now() - killedMs) : null,
  };
};
