/** The Gate port on Redis: one script a decision, loaded once, and nobody waits for a Redis that is not there. */
import { SECOND_MS } from "@shopnexus/contracts/kit/time";
import type { Redis } from "ioredis";
import { Counter, Gauge, type Registry } from "prom-client";
import { z } from "zod";
import type { Gate, GateReading, GateTicket, Reply, Standing } from "./gate.ts";
import { ADD, BUILD, KNOCK, LOOK, REMOVE } from "./gate-script.ts";
import type { Log } from "./log.ts";
import { connectRedis, runIdOf } from "./redis.ts";

export type RedisGate = Gate & { close(): void };

/** A gate that is silent for longer is as good as none: the database answers instead. */
const ANSWER_WITHIN_MS = SECOND_MS;
const SCRIPTS = { gateLook: LOOK, gateKnock: KNOCK, gateAdd: ADD, gateRemove: REMOVE, gateBuild: BUILD };
/** Who asks for what is not there is answered from Redis for so long. */
const BARRED_SECONDS = 30;

type Script = (...given: readonly (string | number)[]) => Promise<unknown>;
type Scripts = Readonly<Record<keyof typeof SCRIPTS, Script>>;

export const openRedisGate = (redisUrl: string, log: Log, registry: Registry): RedisGate => {
  const client = connectRedis(redisUrl, log, {
    name: "gate",
    commandMs: ANSWER_WITHIN_MS,
    scripts: SCRIPTS,
  });
  const runId = runIdOf(client);
  const watch = watched(registry, () => client.status === "ready" && runId() !== "");
  const line: Line = { client, scripts: client as unknown as Scripts, runId, log };
  return {
    ...asking(line, watch),
    ...building(line),
    ...telling(line),
    differed: (count) => {
      watch.difference.set(count);
      if (count > 0) watch.differences.inc(count);
    },
    close: () => client.disconnect(),
  };
};

type Line = { readonly client: Redis; readonly scripts: Scripts; readonly log: Log; runId(): string };

const asking = ({ scripts, runId }: Line, watch: Watch): Pick<Gate, "look" | "knock"> => ({
  look: async ({ gateId, skuId, pieces }, ticketIds) => {
    const given = [trusted(runId()), skuId, pieces, ...ticketIds];
    const [kind, ...rest] = (await scripts.gateLook(...keysOf(gateId), ...given)) as string[];
    const standing = standingOf(kind, rest[0]);
    watch.answers.inc({ answer: standing.kind }, standing.kind === "open" ? 0 : ticketIds.length);
    return { standing, known: new Set(standing.kind === "not_yet" ? [] : rest) };
  },
  knock: async ({ gateId, skuId, pieces }, { ticketId, accountId }) => {
    const given = [trusted(runId()), skuId, pieces, accountId, ticketId];
    const reply = replyOf(await scripts.gateKnock(...keysOf(gateId), ...given));
    watch.answers.inc({ answer: reply.kind });
    return reply;
  },
});

const building = ({ client, scripts, runId }: Line): Pick<Gate, "build" | "bar" | "drop" | "read"> => ({
  build: async (gateId, plan, how) => {
    const given = [trusted(runId()), JSON.stringify(plan), how === "anew" ? 1 : 0];
    return (await scripts.gateBuild(...keysOf(gateId), ...given)) === 1;
  },
  bar: async (gateId) => {
    const [, gate] = keysOf(gateId);
    await client.multi().hset(gate, "run", trusted(runId())).expire(gate, BARRED_SECONDS).exec();
  },
  drop: async (gateId) => {
    const [, ...keys] = keysOf(gateId);
    // One that stays behind is told by its times that it is over.
    if (client.status === "ready") await client.del(...keys).catch(() => undefined);
  },
  read: (gateId) => readGate(client, gateId, trusted(runId())),
});

/** What is not told now is seen by the reconciliation, or by whoever builds the gate anew. */
const telling = ({ client, scripts, runId, log }: Line): Pick<Gate, "add" | "remove"> => {
  const tell = async (told: Promise<unknown>, gateId: string): Promise<void> => {
    await told.catch((error: unknown) => log.warn({ gate: gateId, error }, "the gate was not told"));
  };
  const isReady = (): boolean => client.status === "ready" && runId() !== "";
  return {
    add: async (gateId, tickets) => {
      if (tickets.length === 0 || !isReady()) return;
      await tell(scripts.gateAdd(...keysOf(gateId), runId(), ...tickets.flatMap(fieldsOf)), gateId);
    },
    remove: async (gateId, ticketIds) => {
      if (ticketIds.length === 0 || !isReady()) return;
      await tell(scripts.gateRemove(...keysOf(gateId), runId(), ...ticketIds), gateId);
    },
  };
};

/** The number of keys, and the keys; the braces keep them together on a cluster. */
const keysOf = (gateId: string) =>
  [3, `gate:{${gateId}}`, `gate:{${gateId}}:accounts`, `gate:{${gateId}}:tickets`] as const;

const fieldsOf = ({ ticketId, skuId, pieces, accountId }: GateTicket) => [ticketId, skuId, pieces, accountId];

/** Until the process behind the connection is known, nothing that stands there can be trusted. */
const trusted = (runId: string): string => {
  if (runId === "") throw new Error("Redis does not answer");
  return runId;
};

const standingOf = (kind: string | undefined, startsMs: string | undefined): Standing =>
  kind === "not_yet" ? { kind, startsMs: Number(startsMs) } : { kind: kind as "open" };

const replyOf = (given: unknown): Reply => {
  const [kind, first, second] = given as [string, string | undefined, string | undefined];
  if (kind === "limit_reached") return { kind, limit: Number(first) };
  if (kind === "passed") return { kind, isAdmitted: Number(first) === 1, expiresMs: Number(second) };
  return standingOf(kind, first) as Reply;
};

const Kept = z.object({ sku: z.string(), pieces: z.number(), account: z.string(), at: z.number() });

const readGate = async (client: Redis, gateId: string, runId: string): Promise<GateReading | undefined> => {
  const [, gate, accounts, tickets] = keysOf(gateId);
  const answers = await client.multi().hgetall(gate).hgetall(accounts).hgetall(tickets).time().exec();
  const [fields, owned, kept, time] = (answers ?? []).map(([, value]) => value) as [
    Record<string, string>,
    Record<string, string>,
    Record<string, string>,
    [string, string],
  ];
  if (fields["run"] !== runId || fields["epoch"] === undefined) return undefined;
  const nowMs = Number(time[0]) * SECOND_MS + Number(time[1]) / 1_000;
  return {
    plan: planIn(fields),
    used: numbersIn(fields, "used:"),
    owned: numbersIn(owned),
    tickets: Object.entries(kept).map(([ticketId, text]) => {
      const { sku, pieces, account, at } = Kept.parse(JSON.parse(text));
      return { ticketId, skuId: sku, pieces, accountId: account, ageMs: nowMs - at };
    }),
  };
};

/** What is no number is not a number here either, and so differs from all that it is compared with. */
const planIn = (fields: Record<string, string>): GateReading["plan"] => {
  const numberOf = (name: string): number => Number(fields[name]);
  return {
    epoch: numberOf("epoch"),
    startsMs: numberOf("starts"),
    entriesEndMs: numberOf("entriesEnd"),
    endsMs: numberOf("ends"),
    windowMs: numberOf("window"),
    limit: numberOf("limit"),
    skus: [...numbersIn(fields, "units:")].map(([skuId, units]) => ({
      skuId,
      units,
      seats: numberOf(`seats:${skuId}`),
    })),
  };
};

const numbersIn = (fields: Record<string, string>, prefix = ""): Map<string, number> =>
  new Map(
    Object.entries(fields)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), Number(value)]),
  );

type Watch = ReturnType<typeof watched>;

const watched = (registry: Registry, isUp: () => boolean) => {
  const registers = [registry];
  return {
    up: new Gauge({
      name: "shopnexus_drop_gate_up",
      help: "1 while the gate's Redis answers; 0: drops go through Postgres alone, slower.",
      registers,
      collect() {
        this.set(isUp() ? 1 : 0);
      },
    }),
    answers: new Counter({
      name: "shopnexus_drop_gate_answers_total",
      help: "Who knocked at the gates of drops, by answer.",
      labelNames: ["answer"],
      registers,
    }),
    difference: new Gauge({
      name: "shopnexus_drop_gate_difference",
      help: "Tickets in which gates and Postgres differed when they were last compared. Alert above 0.",
      registers,
    }),
    differences: new Counter({
      name: "shopnexus_drop_gate_differences_total",
      help: "All tickets in which gates and Postgres ever differed.",
      registers,
    }),
  };
};
