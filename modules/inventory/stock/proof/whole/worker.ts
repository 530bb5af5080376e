/**
 * One process of four that serve one world, for storm.test.ts: `node worker.ts <database> <world>`. Each line of its input
 * is an ask with its number, each line that it says an answer with the same. What fails is tried again, as it would be.
 */
import { createInterface } from "node:readline";
import { openDatabase } from "#db/_kit/database.ts";
import type { Ask } from "./asks.ts";
import { perform, type World } from "./world.ts";

/** A lock that is not had in a second is weather; what fails so often is not. */
const TRY_COUNT_MAX = 30;

const [url = "", world = "{}"] = process.argv.slice(2);
const { db } = openDatabase(url, { name: "worker" });

const tryAll = async (ask: Ask, tries = 1): Promise<unknown> => {
  try {
    return await perform(db, JSON.parse(world) as World, ask);
  } catch (error) {
    return tries < TRY_COUNT_MAX ? tryAll(ask, tries + 1) : { code: `fault: ${(error as Error).message}` };
  }
};

const answer = async (line: string): Promise<void> => {
  const { number, ask } = JSON.parse(line) as { number: number; ask: Ask };
  process.stdout.write(`${JSON.stringify({ number, answer: await tryAll(ask) })}\n`);
};

const stop = (error: unknown): never => {
  console.error(error);
  process.exit(1);
};

for await (const line of createInterface({ input: process.stdin })) answer(line).catch(stop);
process.exit();
