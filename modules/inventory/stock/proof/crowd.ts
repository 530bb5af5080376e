/**
 * One process of many that do anything at all to the same few holds, for crowd.test.ts:
 * `node crowd.ts <database> <seed> <rounds> <skuIds> <holdIds>`. Says "ready", starts at the first byte of its input,
 * says "half" and, in the end, "done". A fault ends it.
 */
import { once } from "node:events";
import { RefusalError } from "@shopnexus/contracts/kit/refusal";
import { openDatabase } from "#db/_kit/database.ts";
import type { StepScene } from "#modules/_kit/handler.ts";
import { seeded } from "#tools/bench/rules.ts";
import { commit } from "../commit.ts";
import { expire } from "../expire.ts";
import { release } from "../release.ts";
import { reserve } from "../reserve.ts";
import { restock } from "../restock.ts";

const [url = "", seed = "0", rounds = "0", skuIds = "", holdIds = ""] = process.argv.slice(2);
const { db, close } = openDatabase(url, { name: "crowd" });
const scene = { db, who: { kind: "module", module: "order" } } as StepScene;
const random = seeded(Number(seed));
const oneOf = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;

/** The lines follow from the hold, so that every process asks for the same ones. */
const linesOf = (holdId: string) => {
  const [skus, at] = [skuIds.split(","), Number.parseInt(holdId.slice(-4), 16)];
  const first = at % skus.length;
  const second = (first + 1 + (at % (skus.length - 1))) % skus.length;
  return (at % 3 === 0 ? [first] : [first, second]).map((sku) => ({
    skuId: skus[sku] ?? "",
    pieces: 1 + (at % 2),
  }));
};

const act = async (): Promise<void> => {
  const holdId = oneOf(holdIds.split(","));
  const dice = random();
  try {
    if (dice < 0.5) await reserve({ holdId, lines: linesOf(holdId) }, scene);
    else if (dice < 0.7) await commit({ holdId }, scene);
    else if (dice < 0.88) await release({ holdId }, scene);
    else if (dice < 0.98) await restock({ holdId }, scene);
    else await expire({ limit: 10 }, scene);
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
  }
};

await db.$client`select 1`;
process.stdout.write("ready\n");
await once(process.stdin, "data");
for (let round = 0; round < Number(rounds); round += 1) {
  if (round === Math.floor(Number(rounds) / 2)) process.stdout.write("half\n");
  await Promise.all(Array.from({ length: 40 }, act));
}
process.stdout.write("done\n");
await close();
process.exit();
