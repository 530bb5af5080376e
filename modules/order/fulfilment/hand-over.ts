import type { Fulfilment } from "@shopnexus/contracts/order/fulfilment";
import { Shipment } from "@shopnexus/contracts/order/shipment";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { sayNews, whose } from "./news.ts";

export const handOver: Handler<typeof Fulfilment, "handOver"> = async (ctx, input, { who }) => {
  const { isDelivered = false, ...some } = input;
  return sayNews(ctx, await call(ctx, Shipment).handOver({ ...whose(ctx, who), ...some, isDelivered }));
};
