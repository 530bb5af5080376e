/** (d) A counter in Redis says yes; the database hears of it later. What was promised meanwhile dies with the process. */
import { freshId } from "@shopnexus/contracts/kit/id";
import { Redis } from "ioredis";
import { openDatabase } from "#db/_kit/database.ts";
import { type Piece, takeAll } from "./sql.ts";
import type { Way } from "./ways.ts";

const TAKE = `
  local left = redis.call("decr", KEYS[1])
  if left < 0 then redis.call("incr", KEYS[1]) return 0 end
  return 1`;
const WRITE_MAX = 500;

export const redisCounter = (redisUrl: string, databaseUrl: string): Way => {
  const redis = new Redis(redisUrl);
  const { db, close } = openDatabase(databaseUrl, { name: "bench" });
  redis.defineCommand("takePiece", { numberOfKeys: 1, lua: TAKE });
  const takePiece = (key: string) =>
    (redis as unknown as { takePiece(key: string): Promise<number> }).takePiece(key);
  const unwritten: Piece[] = [];
  const writer: { work: Promise<void> | undefined } = { work: undefined };
  const write = async (): Promise<void> => {
    while (unwritten.length > 0) await takeAll(db.$client, unwritten.splice(0, WRITE_MAX));
    writer.work = undefined;
  };
  return {
    name: "redis",
    begin: async (stock) => {
      const all = redis.pipeline();
      for (const [skuId, pieces] of stock) all.set(`bench:${skuId}`, pieces);
      await all.exec();
    },
    reserve: async (skuId) => {
      if ((await takePiece(`bench:${skuId}`)) === 0) return false;
      unwritten.push({ skuId, holdId: freshId("hld") });
      writer.work ??= write();
      return true;
    },
    settle: async () => {
      while (writer.work !== undefined) await writer.work;
    },
    close: async () => {
      redis.disconnect();
      await close();
    },
  };
};
