/** (e) and (f): the product's own step, called as the kit calls it, and through the ingress with all that stands before it. */
import { Agent } from "node:http";
import { Stock, StockRefusals } from "@shopnexus/contracts/inventory/stock";
import { freshId } from "@shopnexus/contracts/kit/id";
import { isRefusal, RefusalError } from "@shopnexus/contracts/kit/refusal";
import { readConfig } from "#app/config.ts";
import { loadBoards } from "#app/modules.ts";
import { openDatabase } from "#db/_kit/database.ts";
import type { Step, StepScene } from "#modules/_kit/handler.ts";
import { moduleTokens } from "#modules/_kit/token.ts";
import { post } from "../load.ts";
import type { Way } from "./ways.ts";

export const atDatabase = async (url: string): Promise<Way> => {
  const { db, close } = openDatabase(url, { name: "bench" });
  const [inventory] = await loadBoards(["inventory"]);
  const stock = inventory?.components.find(({ contract }) => contract.name === Stock.name);
  const reserve = stock?.handlers["reserve"] as Step<typeof Stock, "reserve">;
  const scene = { db, who: { kind: "module", module: "order" } } as StepScene;
  return {
    name: "database",
    close,
    reserve: async (skuId) => {
      try {
        await reserve({ holdId: freshId("hld"), lines: [{ skuId, pieces: 1 }] }, scene);
        return true;
      } catch (error) {
        if (error instanceof RefusalError && isRefusal(error, StockRefusals.OUT_OF_STOCK)) return false;
        throw error;
      }
    },
  };
};

export const wholeHandler = (environment: Record<string, string>): Way => {
  const { settings, restate } = readConfig(environment);
  const tokenOf = moduleTokens(settings);
  const agent = new Agent({ keepAlive: true });
  return {
    name: "handler",
    close: async () => agent.destroy(),
    reserve: async (skuId) => {
      const body = JSON.stringify({ holdId: freshId("hld"), lines: [{ skuId, pieces: 1 }] });
      const headers = { authorization: `Bearer ${await tokenOf("order")}` };
      try {
        await post(agent, `${restate.ingressUrl}/Stock/reserve`, { headers, body });
        return true;
      } catch (error) {
        if (String(error).includes("OUT_OF_STOCK")) return false;
        throw error;
      }
    },
  };
};
