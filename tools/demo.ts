/**
 * Buys something in the running shop, and judges what came of it.
 *
 *     npm run demo                              for people
 *     npm run demo -- --json                    one line of JSON
 *     npm run demo -- --kill app|restate|postgres|redis
 *
 * Ends with 1 when something does not add up, with 2 when no shop is running.
 */
import { parseArgs } from "node:util";
import { demonstrate } from "./demo/run.ts";
import { tell } from "./demo/tell.ts";
import { type Killed, KillPart } from "./start/control.ts";
import { needRunning } from "./start/need-running.ts";

type Wish = { isJson: boolean; kill: Killed["part"] | undefined };

const read = (words: string[]): Wish => {
  try {
    const { values } = parseArgs({
      args: words,
      options: { json: { type: "boolean" }, kill: { type: "string" } },
    });
    const kill = values.kill === undefined ? undefined : KillPart.parse(values.kill);
    return { isJson: values.json === true, kill };
  } catch {
    console.error(`npm run demo -- [--json] [--kill ${KillPart.options.join("|")}]`);
    return process.exit(2);
  }
};

const wish = read(process.argv.slice(2));
const running = needRunning();
try {
  const demonstration = await demonstrate(running, wish.kill);
  console.log(wish.isJson ? JSON.stringify(demonstration.result) : tell(demonstration));
  if (wish.isJson) for (const wrong of demonstration.wrongs) console.error(wrong);
  process.exitCode = demonstration.wrongs.length === 0 ? 0 : 1;
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
