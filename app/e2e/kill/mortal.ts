/**
 * The product, in a process that dies by SIGKILL right after a step has taken effect and before anybody has heard of
 * it: once for each call, and for each kind of step as often as `mortal` allows, a file in the folder that FATES names.
 * `steps` and `deaths` beside it say after what. It starts when its parent says so.
 */
import { once } from "node:events";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readConfig } from "#app/config.ts";
import { loadBoards } from "#app/modules.ts";
import { startApp } from "#app/start.ts";
import type { Board, Component } from "#modules/_kit/board.ts";
import type { StepScene } from "#modules/_kit/handler.ts";

const fates = (name: "mortal" | "steps" | "deaths"): string => join(process.env["FATES"] ?? "", name);
/** What clocks ask for comes when it comes, and again and again. */
const isOfClock = (name: string, callKey: string): boolean =>
  callKey.startsWith("cron/") || name === "Earnings/claimDue";

const lines = (name: "steps" | "deaths"): string[] => readFileSync(fates(name), "utf8").split("\n");
/** Calls, and kinds of steps, that it died after. */
let died: readonly string[] = [];
const live = (name: string, callKey: string): void => {
  if (isOfClock(name, callKey)) return;
  appendFileSync(fates("steps"), `${name}\n`);
  if (!existsSync(fates("mortal")) || died.some((line) => line.startsWith(callKey))) return;
  const allowed = (JSON.parse(readFileSync(fates("mortal"), "utf8")) as Record<string, number>)[name] ?? 0;
  if (died.filter((line) => line.endsWith(` ${name}`)).length >= allowed) return;
  appendFileSync(fates("deaths"), `${callKey} ${name}\n`);
  process.kill(process.pid, "SIGKILL");
};

const mortal = (component: Component): Component => ({
  ...component,
  handlers: Object.fromEntries(
    Object.entries(component.handlers).map(([verb, work]) => {
      if (component.contract._handlers[verb]?.kind !== "step") return [verb, work];
      const dying = async (input: unknown, scene: StepScene): Promise<unknown> => {
        const output = await work(input, scene);
        live(`${component.contract.name}/${verb}`, scene.callKey);
        return output;
      };
      return [verb, dying];
    }),
  ),
});

const config = readConfig(process.env);
const boards = await loadBoards(config.services);
await once(process, "message");
died = lines("deaths");
const app = await startApp(
  config,
  boards.map((board): Board => ({ ...board, components: board.components.map(mortal) })),
);
process.on("SIGTERM", () => void app.stop().then(() => process.exit(0)));
