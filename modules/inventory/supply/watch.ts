import { Feed } from "@shopnexus/contracts/common/feed";
import { Mail } from "@shopnexus/contracts/common/mail";
import { Purchase } from "@shopnexus/contracts/inventory/purchase";
import { Supply } from "@shopnexus/contracts/inventory/supply";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { send } from "#modules/_kit/peer.ts";
import { eventOf, letterOf } from "./rules.ts";

export const watch: Handler<typeof Supply, "watch"> = async (ctx, sold) => {
  const { dips } = await call(ctx, Supply).notice(sold);
  if (dips.length === 0) return {};
  await call(ctx, Feed).append({ events: dips.map(eventOf) });
  for (const dip of dips) {
    const letter = letterOf(dip);
    if (letter !== undefined) send(ctx, Mail).post(letter);
    await call(ctx, Purchase).propose({ sellerId: dip.sellerId, skuId: dip.skuId, dip: dip.dip });
  }
  return {};
};
