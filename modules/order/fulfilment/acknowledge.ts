import type { Fulfilment } from "@shopnexus/contracts/order/fulfilment";
import { Line } from "@shopnexus/contracts/order/line";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { sayNews, whose } from "./news.ts";

export const acknowledge: Handler<typeof Fulfilment, "acknowledge"> = async (ctx, input, { who }) =>
  sayNews(ctx, await call(ctx, Line).acknowledge({ ...whose(ctx, who), ...input }));
