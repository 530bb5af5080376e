/** How many the door of a sold-out drop sends away a second, and how many constant answers the same process gives. */
import { randomUUID } from "node:crypto";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Drop } from "@shopnexus/contracts/inventory/drop";
import { freshId } from "@shopnexus/contracts/kit/id";
import { HOUR_MS, instant, SECOND_MS } from "@shopnexus/contracts/kit/time";
import { readConfig } from "#app/config.ts";
import { signAccess } from "#modules/_kit/token.ts";
import type { Progress } from "#tools/dev/progress.ts";
import { knock } from "#tools/testkit/knock.ts";
import { buyer, seller } from "#tools/testkit/people.ts";
import { cpuSeconds } from "./proc.ts";
import { round } from "./rules.ts";
import { type BenchShop, openBenchShop, type World } from "./world.ts";

const AT_ONCE = 64;
/** In turns, each first as often as the other, so that what else the machine does falls on both. */
const ROUND_COUNT = 6;
/** Different buyers, each asking anew every time. */
const REQUEST_COUNT = 512;

export type Drops = {
  readonly atOnce: number;
  readonly refusedPerSecond: number;
  readonly constantPerSecond: number;
  /** What the process spent on one. */
  readonly refusedCpuMicros: number;
  readonly constantCpuMicros: number;
  /** Refusals for a hundred constant answers, and that of each round. */
  readonly percent: number;
  readonly percentByRound: readonly number[];
  readonly isEnough: boolean;
};

/** A door that costs more than this is no door for a crowd. */
const PERCENT_MIN = 60;

export const measureDrops = async (world: World, progress: Progress, measureMs: number): Promise<Drops> => {
  const shop = await openBenchShop(world, "drops", "on");
  try {
    progress(`a sold-out drop: ${AT_ONCE} at once`);
    const { host } = new URL(shop.edgeUrl);
    const refused = await refusedRequests(shop);
    const constant = [`GET /health HTTP/1.1\r\nhost: ${host}\r\n\r\n`];
    const kinds = {
      constant: { requests: constant, status: "200" },
      refused: { requests: refused, status: "409" },
    };
    const forMs = measureMs / ROUND_COUNT / 2;
    for (const { requests } of Object.values(kinds))
      await answered(shop, { requests, forMs: 3 * SECOND_MS, status: undefined });
    const rounds: Array<Record<keyof typeof kinds, Answers>> = [];
    for (let turn = 0; turn < ROUND_COUNT; turn++) {
      const run = async (kind: keyof typeof kinds) => measured(shop, { ...kinds[kind], forMs });
      const [first, second] =
        turn % 2 === 0 ? (["constant", "refused"] as const) : (["refused", "constant"] as const);
      const [one, other] = [await run(first), await run(second)];
      rounds.push({ [first]: one, [second]: other } as (typeof rounds)[number]);
    }
    return found(rounds);
  } finally {
    await shop.stop();
  }
};

type Answers = { readonly count: number; readonly ms: number; readonly cpuSeconds: number };

const measured = async (shop: BenchShop, load: Load): Promise<Answers> => {
  const pid = shop.pids["app"] ?? 0;
  const [cpuBefore, beganMs] = [cpuSeconds(pid), performance.now()];
  const count = await answered(shop, load);
  return { count, ms: performance.now() - beganMs, cpuSeconds: cpuSeconds(pid) - cpuBefore };
};

const found = (rounds: readonly Readonly<Record<"constant" | "refused", Answers>>[]): Drops => {
  const sumOf = (kind: "constant" | "refused"): Answers =>
    rounds
      .map((one) => one[kind])
      .reduce((sum, one) => ({
        count: sum.count + one.count,
        ms: sum.ms + one.ms,
        cpuSeconds: sum.cpuSeconds + one.cpuSeconds,
      }));
  const [constant, refused] = [sumOf("constant"), sumOf("refused")];
  const percentOf = (one: Answers, of: Answers) =>
    Math.round(((one.count / one.ms) * 100) / (of.count / of.ms));
  const percent = percentOf(refused, constant);
  return {
    atOnce: AT_ONCE,
    refusedPerSecond: Math.round((refused.count * SECOND_MS) / refused.ms),
    constantPerSecond: Math.round((constant.count * SECOND_MS) / constant.ms),
    refusedCpuMicros: round((refused.cpuSeconds * 1e6) / refused.count),
    constantCpuMicros: round((constant.cpuSeconds * 1e6) / constant.count),
    percent,
    percentByRound: rounds.map((one) => percentOf(one.refused, one.constant)),
    isEnough: percent >= PERCENT_MIN,
  };
};

/** Sells the only piece out, and writes down what those say who come too late. */
const refusedRequests = async (shop: BenchShop): Promise<string[]> => {
  const [an, mai] = [await seller(shop), await buyer(shop)];
  const { skuId } = await an.offer(1_000, 1);
  const dropId = freshId("drp");
  await an.call(Drop).announce({
    dropId,
    skus: [{ skuId, units: 1, price: { minor: 500, currency: "USD" }, waiting: 0 }],
    startsAt: instant(Date.now() - SECOND_MS),
    endsAt: instant(Date.now() + HOUR_MS),
    room: "queue",
    limit: 1,
  });
  const url = `${shop.edgeUrl}/drops/${dropId}/tickets`;
  const bodyOf = () => JSON.stringify({ attemptId: randomUUID(), skuId });
  const first = await knock(url, { authorization: `Bearer ${mai.tokens.accessToken}`, body: bodyOf() });
  if (first.status !== 202) throw new Error(`the first buyer was answered ${first.status}: ${first.text}`);
  const { settings } = readConfig(shop.environment);
  const { host, pathname } = new URL(url);
  return Promise.all(
    Array.from({ length: REQUEST_COUNT }, async () => {
      const who = { accountId: freshId("acc"), sessionId: freshId("ses"), roles: ["account"] as const };
      const token = await signAccess(settings, { ...who, nowMs: Date.now() });
      const body = bodyOf();
      const head = [
        `POST ${pathname} HTTP/1.1`,
        `host: ${host}`,
        `authorization: Bearer ${token}`,
        "content-type: application/json",
        `content-length: ${body.length}`,
      ];
      return `${head.join("\r\n")}\r\n\r\n${body}`;
    }),
  );
};

type Load = {
  readonly requests: readonly string[];
  readonly forMs: number;
  /** Another one is no measurement; undefined while the server warms up. */
  readonly status: string | undefined;
};

/** Raw requests over kept connections: a client that cost as much as the server would be measured instead of it. */
const answered = async ({ edgeUrl }: BenchShop, load: Load): Promise<number> => {
  const { hostname, port } = new URL(edgeUrl);
  const sockets = Array.from({ length: AT_ONCE }, () => connect(Number(port), hostname));
  const counts = sockets.map((socket, at) => talk(socket, load, at));
  await sleep(load.forMs);
  const total = counts.reduce((sum, count) => sum + count(), 0);
  for (const socket of sockets) socket.destroy();
  return total;
};

const ANSWER = /^HTTP\/1\.1 (\d+)[\s\S]*?\r\ncontent-length: (\d+)[\s\S]*?\r\n\r\n/i;

/** Asks again as soon as it is answered; gives how many answers there were by now. */
const talk = (socket: Socket, { requests, status }: Load, from: number): (() => number) => {
  let [count, turn, heard] = [0, from, ""];
  const ask = () => {
    socket.write(requests[turn % requests.length] ?? "");
    turn += AT_ONCE;
  };
  socket.setNoDelay(true);
  socket.once("connect", ask);
  socket.on("data", (bytes) => {
    heard += bytes.toString("latin1");
    const found = ANSWER.exec(heard);
    if (found === null || heard.length < found[0].length + Number(found[2])) return;
    if (status !== undefined && found[1] !== status)
      throw new Error(`${status} was expected, and heard was: ${heard}`);
    heard = "";
    count += 1;
    ask();
  });
  socket.on("error", () => undefined);
  return () => count;
};
