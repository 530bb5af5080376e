/** A seller's shelf and buyers who wait, for the tests of waiting lines. */
import { freshId } from "@shopnexus/contracts/kit/id";
import type { TestDatabase } from "#tools/testkit/database.ts";
import { asAccount, asModule, sceneOf } from "#tools/testkit/scene.ts";
import { book } from "../../stock/book.ts";
import { commit } from "../../stock/commit.ts";
import { level } from "../../stock/level.ts";
import { open } from "../../stock/open.ts";
import { reserve } from "../../stock/reserve.ts";
import { configure } from "../../supply/configure.ts";
import { enqueue } from "../enqueue.ts";
import { serve } from "../serve.ts";

export type Placed = { holdId: string; orderId: string; lineId: string; skuId: string; pieces: number };

export const openShelf = (base: TestDatabase) => {
  const sellerId = freshId("acc");
  const scene = () => sceneOf(base.db, asModule("order"));
  const seller = () => sceneOf(base.db, asAccount(sellerId, "seller"));
  let receiptCount = 0;
  const receipt = (skuId: string, pieces: number) =>
    book({ sellerId, receiptId: `note-${++receiptCount}`, skuId, pieces }, scene());
  const reserveLine = async (skuId: string, pieces: number): Promise<Placed & { backordered: string[] }> => {
    const [holdId, orderId, lineId] = [freshId("hld"), freshId("ord"), freshId("lin")];
    const lines = [{ skuId, pieces, backorder: { orderId, lineId } }];
    const { backordered } = await reserve({ holdId, lines }, scene());
    return { holdId, orderId, lineId, skuId, pieces, backordered };
  };
  return {
    sellerId,
    scene,
    seller,
    receipt,
    reserveLine,
    /** A SKU that may be waited for, with so many pieces. */
    stocked: async (pieces: number): Promise<string> => {
      const skuId = freshId("sku");
      await open({ sellerId, skuIds: [skuId] }, scene());
      const settings = { backorder: true, serials: false, reorderPoint: null, supplierEmail: null };
      await configure({ skuId, ...settings }, seller());
      if (pieces > 0) await receipt(skuId, pieces);
      return skuId;
    },
    /** A buyer who has paid and waits in the queue. */
    waiting: async (skuId: string, pieces: number): Promise<Placed> => {
      const placed = await reserveLine(skuId, pieces);
      await commit({ holdId: placed.holdId }, scene());
      await enqueue({ orderId: placed.orderId }, scene());
      return placed;
    },
    served: async (skuId: string, reference: string = freshId("evt")): Promise<string[]> => {
      const { served } = await serve({ reference, skuIds: [skuId] }, scene());
      return served.map(({ lineId }) => lineId);
    },
    numbers: async (skuId: string) => {
      const { onHand, held, sold } = await level({ skuId }, scene());
      return { onHand, held, sold };
    },
  };
};
