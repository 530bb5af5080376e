/** Some modules on a Restate of their own, beside components of the test's: for ops that only other modules may call. */
import { generateKeyPairSync } from "node:crypto";
import type * as restate from "@restatedev/restate-sdk";
import { type Contract, op, service } from "@shopnexus/contracts/kit/contract";
import postgres from "postgres";
import { inject } from "vitest";
import { z } from "zod";
import { readConfig } from "#app/config.ts";
import { loadBoards, type ModuleName } from "#app/modules.ts";
import { startApp } from "#app/start.ts";
import { board, type Component, provide } from "#modules/_kit/board.ts";
import { freePorts, startStack } from "#tools/dev/stack.ts";
import { migratedDatabase } from "./database.ts";
import { dropFolder, testFolder } from "./folders.ts";

export type SomeModules = {
  readonly ingressUrl: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly sql: postgres.Sql;
  /** Asks an op as another module would, natively, and waits for its answer. */
  ask<C extends Contract>(contract: C, verb: keyof C["_handlers"] & string, input: unknown): Promise<unknown>;
  stop(): Promise<void>;
};

/** Private handlers are reached by native calls alone: this one makes them. */
const Native = service("Native", {
  ask: op(z.strictObject({ service: z.string(), method: z.string(), parameter: z.unknown() }), z.unknown(), {
    who: "anyone",
  }),
});
const native = provide(Native, {
  ask: async (ctx: restate.Context, call) =>
    JSON.parse(
      new TextDecoder().decode(
        await ctx.genericCall({
          ...call,
          parameter: new TextEncoder().encode(JSON.stringify(call.parameter)),
        }),
      ),
    ),
});

export const openModules = async (
  names: readonly ModuleName[],
  variables: Readonly<Record<string, string>> = {},
  own: readonly Component[] = [],
): Promise<SomeModules> => {
  const dir = testFolder("modules");
  const stack = await startStack({ dir, parts: ["restate"] });
  const databaseUrl = await migratedDatabase(names);
  const [endpointPort = 0, edgePort = 0] = await freePorts(2);
  const environment = {
    SERVICES: names.join(","),
    DATABASE_URL: databaseUrl,
    REDIS_URL: inject("redisUrl") ?? "",
    RESTATE_INGRESS_URL: stack.restate.ingressUrl,
    RESTATE_ADMIN_URL: stack.restate.adminUrl,
    AUTH_PRIVATE_JWK: JSON.stringify(generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" })),
    ENDPOINT_PORT: String(endpointPort),
    EDGE_PORT: String(edgePort),
    REGISTER: "force",
    LOG_LEVEL: "silent",
    ...variables,
  };
  const boards = [...(await loadBoards(names)), board("test", [native, ...own])];
  const app = await startApp(readConfig(environment), boards);
  const sql = postgres(databaseUrl, { max: 2, onnotice: () => undefined });
  return {
    ingressUrl: stack.restate.ingressUrl,
    environment,
    sql,
    ask: async (contract, verb, input) => {
      const response = await fetch(`${stack.restate.ingressUrl}/Native/ask`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ service: contract.name, method: verb, parameter: input }),
      });
      if (!response.ok) throw new Error(`${contract.name}/${verb} answered ${await response.text()}`);
      return response.json();
    },
    stop: async () => {
      await stack.kill("restate");
      await app.stop();
      await sql.end();
      await stack.stop();
      await dropFolder(dir);
    },
  };
};
