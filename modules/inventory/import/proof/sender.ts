/**
 * A process that sends a stocktake of all of a seller's SKUs and books it, for killed.test.ts:
 * `node sender.ts <database> <sellerId> <attemptId> <pieces>`. Says "arriving" when half of the rows have arrived, "booking"
 * when all have, and in the end the state of the import. It may be killed anywhere.
 */
import { createHash, randomUUID } from "node:crypto";
import { openDatabase } from "#db/_kit/database.ts";
import type { StepScene } from "#modules/_kit/handler.ts";
import { open } from "../open.ts";
import { inParts } from "../rules.ts";
import { settle } from "../settle.ts";
import { stage } from "../stage.ts";

const [url = "", sellerId = "", attemptId = "", pieces = "0"] = process.argv.slice(2);
const { db, close } = openDatabase(url, { name: "sender", poolSize: 1 });
const who = {
  kind: "account",
  accountId: sellerId,
  sessionId: "none",
  roles: ["account", "seller"],
} as const;
const scene = { db, who } as unknown as StepScene;

const skus = await db.$client<{ sku: string }[]>`
  select sku_id as sku from inventory.level where seller_id = ${sellerId} order by sku_id`;
const rows = skus.map(({ sku }, at) => ({ line: at + 1, sku, value: pieces }));
const digest = createHash("sha256").update(JSON.stringify(rows)).digest("hex");

const { importId } = await open({ kind: "stocktake", attemptId }, scene);
const uploadId = randomUUID();
const parts = inParts(rows, 1_000);
for (const [at, part] of parts.entries()) {
  if (at === Math.floor(parts.length / 2)) process.stdout.write("arriving\n");
  await stage({ importId, uploadId, rows: part }, scene);
}
process.stdout.write("booking\n");
const { view } = await settle({ importId, uploadId, rowCount: rows.length, digest, sellerId }, scene);
process.stdout.write(`${view.state}\n`);
await close();
