import type { Fulfilment } from "@shopnexus/contracts/order/fulfilment";
import { Line } from "@shopnexus/contracts/order/line";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { sayNews } from "./news.ts";

export const stocked: Handler<typeof Fulfilment, "stocked"> = async (ctx, { lineId }) => {
  await sayNews(ctx, await call(ctx, Line).arrive({ orderId: ctx.key, lineIds: [lineId] }));
  return {};
};
