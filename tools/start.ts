/** `npm start`: the whole shop on this machine, filled, with one purchase made, until Ctrl+C. `--watch` restarts the app on changes. */
import { buyForShow } from "./demo/show.ts";
import { seed, tell } from "./seed/seed.ts";
import { openControl } from "./start/control.ts";
import { describe } from "./start/describe.ts";
import { type House, openHouse } from "./start/house.ts";
import { leaveOnSignal } from "./start/leave.ts";
import { worldOf } from "./start/need-running.ts";
import { loadDotEnv, placeOf } from "./start/place.ts";
import { announce, type Running, runningIn } from "./start/running.ts";
import { addresses, people } from "./start/screen.ts";

const startedMs = performance.now();
const seconds = (): string => ((performance.now() - startedMs) / 1000).toFixed(1);

loadDotEnv();
const dir = placeOf(process.env);
const leaver = leaveOnSignal(dir);

const main = async (): Promise<void> => {
  const other = runningIn(dir);
  if (other !== undefined) return refuse(other);
  const isWatched = process.argv.includes("--watch");
  const progress = (line: string): void => {
    // Ctrl+C reaches the servers as well as us, so that they end by themselves is no news then.
    if (!leaver.isLeaving()) console.log(`  ${line}`);
  };
  const house = await openHouse({ dir, isWatched, progress });
  leaver.takeAlong(house);
  const running = await introduce(house);
  console.log(`Up in ${seconds()} s: ${Object.keys(running.pids).join(", ")}. Logs are in ${dir}/logs.`);
  console.log(tell(await seed(worldOf(running))));
  if (!isWatched) await buyForShow(running);
  console.log(`\n${addresses(running)}\n\n${people(running)}\n`);
  console.log(
    `Ready in ${seconds()} s; Ctrl+C stops everything. In another terminal: npm run demo -- --kill app`,
  );
};

const refuse = (other: Running): void => {
  console.error(
    `A shop is running in ${dir} already, as process ${other.owner.pid}:\n\n${addresses(other)}\n`,
  );
  console.error(
    "Use that one, end it with Ctrl+C in its terminal, or set SHOPNEXUS_DIR to start another beside it.",
  );
  process.exitCode = 1;
};

/** Opens the door for the demonstration, and writes down how this shop is reached. */
const introduce = async (house: House): Promise<Running> => {
  const control = await openControl({
    pids: house.pids,
    kill: house.kill,
    restart: async (part) => {
      await house.restart(part);
      announce(dir, describe(house, control));
    },
  });
  announce(dir, describe(house, control));
  const running = runningIn(dir);
  if (running === undefined) throw new Error(`${dir}/stack.json cannot be read back`);
  return running;
};

try {
  await main();
} catch (error) {
  // What breaks because we are leaving is no failure; the farewell exits.
  if (!leaver.isLeaving()) {
    console.error((error as Error).message);
    process.exit(1);
  }
}
