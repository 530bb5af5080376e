/** How this process stands with a Redis: commands fail at once while it is away, and it is looked for as long as the client lives. */
import { SECOND_MS } from "@shopnexus/contracts/kit/time";
import { Redis } from "ioredis";
import type { Log } from "./log.ts";

/** A Redis that is not there within this is a fault: whoever needed it tries again, or goes another way. */
export const CONNECT_WITHIN_MS = 2 * SECOND_MS;
const AGAIN_MS = 50;

export type RedisOptions = {
  /** Whose connection it is, for the log. */
  readonly name: string;
  /** A command that takes longer has failed. */
  readonly commandMs: number;
  /** Loaded once; each becomes a command of the client's, whose first argument is the number of its keys. */
  readonly scripts?: Readonly<Record<string, string>>;
};

export const connectRedis = (redisUrl: string, log: Log, options: RedisOptions): Redis => {
  const { name, commandMs, scripts = {} } = options;
  const client = new Redis(redisUrl, {
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    commandTimeout: commandMs,
    connectTimeout: CONNECT_WITHIN_MS,
    retryStrategy: (times) => Math.min(times * AGAIN_MS, SECOND_MS),
    scripts: Object.fromEntries(Object.entries(scripts).map(([command, lua]) => [command, { lua }])),
  });
  // Without a listener an error event would end the process.
  client.on("error", (error: Error) =>
    log.warn({ redis: name, error: error.message }, "Redis cannot be reached"),
  );
  return client;
};

/** The process behind a client's connection: it has another name after every restart, and none while nobody answers. */
export const runIdOf = (client: Redis): (() => string) => {
  let [runId, connection] = ["", 0];
  const forget = (): void => {
    [runId, connection] = ["", connection + 1];
  };
  client.on("close", forget);
  client.on("ready", () => {
    forget();
    const asked = connection;
    client.info("server").then(
      (text) => {
        if (asked === connection) runId = /run_id:([0-9a-f]+)/.exec(text)?.[1] ?? "";
      },
      () => {
        // A Redis without a name is never trusted, and only a new connection asks for it again.
        if (asked === connection) client.disconnect(true);
      },
    );
  });
  return () => runId;
};
