/**
 * The product, in a process that dies by SIGKILL right after a step has taken effect and before anybody has heard of
 * it: the Nth step after its start, where N stands in the file that MORTAL_FILE names. Nothing there: it lives. It
 * starts when its parent says so.
 */
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readConfig } from "#app/config.ts";
import { loadBoards } from "#app/modules.ts";
import { startApp } from "#app/start.ts";
import type { Board, Component } from "#modules/_kit/board.ts";
import type { StepScene } from "#modules/_kit/handler.ts";

let steps = 0;
let done = 0;

const mortal = (component: Component): Component => ({
  ...component,
  handlers: Object.fromEntries(
    Object.entries(component.handlers).map(([verb, work]) => {
      if (component.contract._handlers[verb]?.kind !== "step") return [verb, work];
      const dying = async (input: unknown, scene: StepScene): Promise<unknown> => {
        const output = await work(input, scene);
        // The clocks' own steps come when they come.
        if (!scene.callKey.startsWith("cron/") && ++done === steps) process.kill(process.pid, "SIGKILL");
        return output;
      };
      return [verb, dying];
    }),
  ),
});

const config = readConfig(process.env);
const boards = await loadBoards(config.services);
await once(process, "message");
writeFileSync(join(dirname(process.env["MORTAL_FILE"] ?? ""), "pid"), String(process.pid));
steps = Number(readFileSync(process.env["MORTAL_FILE"] ?? "", "utf8") || 0);
const app = await startApp(
  config,
  boards.map((board): Board => ({ ...board, components: board.components.map(mortal) })),
);
process.on("SIGTERM", () => void app.stop().then(() => process.exit(0)));
