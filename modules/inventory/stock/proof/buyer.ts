/**
 * One process of many that want the same pieces, for race.test.ts: `node buyer.ts <database> <skuId> <holds> <at once>`.
 * Says "ready", starts at the first byte of its input, and says what came of each hold as one line of JSON.
 */
import { once } from "node:events";
import { freshId } from "@shopnexus/contracts/kit/id";
import { RefusalError } from "@shopnexus/contracts/kit/refusal";
import { openDatabase } from "#db/_kit/database.ts";
import type { StepScene } from "#modules/_kit/handler.ts";
import { reserve } from "../reserve.ts";

const [url = "", skuId = "", holds = "0", atOnce = "1"] = process.argv.slice(2);
const { db, close } = openDatabase(url, { name: "buyer", poolSize: Number(atOnce) });
const scene = { db, who: { kind: "module", module: "order" } } as StepScene;

/** "held", or the code of the refusal; a fault ends the process. */
const want = async (): Promise<string> => {
  try {
    await reserve({ holdId: freshId("hld"), lines: [{ skuId, pieces: 1 }] }, scene);
    return "held";
  } catch (error) {
    if (error instanceof RefusalError) return error.code;
    throw error;
  }
};

await db.$client`select 1`;
process.stdout.write("ready\n");
await once(process.stdin, "data");
const outcomes = await Promise.all(Array.from({ length: Number(holds) }, want));
process.stdout.write(`${JSON.stringify(outcomes)}\n`);
await close();
process.exit();
