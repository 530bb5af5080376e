/** The tiny module on a real Restate, in this process. */
import { inject } from "vitest";
import { generateKeyPairSync } from "node:crypto";
import { type Config, readConfig } from "#app/config.ts";
import { restateSql } from "#app/restate-sql.ts";
import { type App, startApp } from "#app/start.ts";
import { freePorts, type Stack, startStack } from "#tools/dev/stack.ts";
import { testFolder } from "#tools/testkit/folders.ts";
import { tiny } from "./tiny.ts";

export type House = {
  readonly app: App;
  readonly config: Config;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Starts a trip, and gives its invocation. */
  begin(key: string): Promise<string>;
  cancel(invocationId: string): Promise<void>;
  /** How the trip of this key ended: its status, and what was said. */
  end(key: string): Promise<{ status: number; code: string | undefined }>;
  query<T>(query: string): Promise<T[]>;
  /** The calls that an invocation has journalled, by name. */
  journal(invocationId: string): Promise<string[]>;
  stop(): Promise<void>;
};

export type HouseOptions = {
  readonly fuse?: "on" | "off";
  readonly restateEnv?: Record<string, string>;
};

/** A Restate keeps one deployment a component, so every house has a Restate of its own. */
export const openHouse = async ({ fuse = "on", restateEnv = {} }: HouseOptions = {}): Promise<House> => {
  const { restate, stop } = await ownRestate(restateEnv);
  const [endpointPort = 0, edgePort = 0] = await freePorts(2);
  const { privateKey } = generateKeyPairSync("ed25519");
  const config = readConfig({
    DATABASE_URL: inject("postgresUrl"),
    REDIS_URL: inject("redisUrl") ?? "",
    RESTATE_INGRESS_URL: restate.ingressUrl,
    RESTATE_ADMIN_URL: restate.adminUrl,
    AUTH_PRIVATE_JWK: JSON.stringify(privateKey.export({ format: "jwk" })),
    ENDPOINT_PORT: String(endpointPort),
    EDGE_PORT: String(edgePort),
    REGISTER: "force",
    FUSE: fuse,
    LOG_LEVEL: "silent",
  });
  const app = await startApp(config, [tiny]);
  const post: House["post"] = (path, body = {}, headers = {}) =>
    fetch(`${restate.ingressUrl}/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  const query = <T>(statement: string) => restateSql<T>(restate.adminUrl, statement);
  return {
    app,
    config,
    post,
    begin: async (key) => {
      const response = await post(`Trip/${key}/run/send`);
      return ((await response.json()) as { invocationId: string }).invocationId;
    },
    cancel: async (invocationId) => {
      await fetch(`${restate.adminUrl}/invocations/${invocationId}/cancel`, { method: "PATCH" });
    },
    end: async (key) => {
      const response = await fetch(`${restate.ingressUrl}/restate/workflow/Trip/${key}/attach`);
      const body = (await response.json()) as { metadata?: { code?: string } };
      return { status: response.status, code: body.metadata?.code };
    },
    query,
    journal: async (invocationId) => {
      const rows = await query<{ name: string; entry_type: string }>(
        `select entry_type, name from sys_journal where id = '${invocationId}' order by index`,
      );
      return rows.filter(({ entry_type }) => entry_type === "Command: Run").map(({ name }) => name);
    },
    stop: async () => {
      await app.stop();
      await stop();
    },
  };
};

const ownRestate = (restateEnv: Record<string, string>): Promise<Stack> =>
  startStack({ dir: testFolder("house"), parts: ["restate"], restateEnv });
