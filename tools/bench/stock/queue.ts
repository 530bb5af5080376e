/** (c) One queue a SKU: a Restate object, whose exclusive handler does one order after the other. */
import { Agent } from "node:http";
import * as restate from "@restatedev/restate-sdk";
import { freshId } from "@shopnexus/contracts/kit/id";
import { openDatabase } from "#db/_kit/database.ts";
import { post } from "../load.ts";
import { take } from "./sql.ts";
import type { Way } from "./ways.ts";

/** What `main.ts queue` serves. */
export const skuQueue = (url: string) => {
  const { db } = openDatabase(url, { name: "bench" });
  return restate.object({
    name: "SkuQueue",
    handlers: {
      reserve: async (ctx: restate.ObjectContext, { holdId }: { holdId: string }) => ({
        isHeld: await ctx.run("take", () => take(db.$client, { skuId: ctx.key, holdId })),
      }),
    },
  });
};

export const queuePerSku = (ingressUrl: string): Way => {
  const agent = new Agent({ keepAlive: true });
  return {
    name: "queuePerSku",
    close: async () => agent.destroy(),
    reserve: async (skuId) => {
      const body = JSON.stringify({ holdId: freshId("hld") });
      const { isHeld } = await post<{ isHeld: boolean }>(agent, `${ingressUrl}/SkuQueue/${skuId}/reserve`, {
        body,
      });
      return isHeld;
    },
  };
};
