import type { Fulfilment } from "@shopnexus/contracts/order/fulfilment";
import { Line } from "@shopnexus/contracts/order/line";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { sayNews, whose } from "./news.ts";

export const confirm: Handler<typeof Fulfilment, "confirm"> = async (ctx, input, { who }) =>
  sayNews(ctx, await call(ctx, Line).confirm({ ...whose(ctx, who), ...input }));
