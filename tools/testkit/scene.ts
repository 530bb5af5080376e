/** Calls a step as the kit would, on a test's own database. */
import { randomUUID } from "node:crypto";
import { freshId } from "@shopnexus/contracts/kit/id";
import type { Role } from "@shopnexus/contracts/account/login";
import type { Db } from "#db/_kit/database.ts";
import type { StepScene } from "#modules/_kit/handler.ts";
import { openLog } from "#modules/_kit/log.ts";
import type { Principal } from "#modules/_kit/principal.ts";
import { testSettings } from "./settings.ts";

export const asModule = (module: string): Principal => ({ kind: "module", module });
export const asAccount = (accountId = freshId("acc"), ...roles: Role[]): Principal => ({
  kind: "account",
  accountId,
  sessionId: freshId("ses"),
  roles: ["account", ...roles],
});
export const asAnyone: Principal = { kind: "anyone" };

const log = openLog("silent", {});

/** A scene for one call; give `callKey` to repeat one. */
export const sceneOf = (db: Db, who: Principal, rest: Partial<StepScene> = {}): StepScene => ({
  who,
  db,
  log,
  settings: testSettings,
  callKey: randomUUID(),
  lock: { using: async (_name, _waitMs, work) => work(new AbortController().signal) },
  ...rest,
});
