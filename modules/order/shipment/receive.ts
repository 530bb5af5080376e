import { Fulfilment } from "@shopnexus/contracts/order/fulfilment";
import { Refund } from "@shopnexus/contracts/order/refund";
import { Shipment } from "@shopnexus/contracts/order/shipment";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { send } from "#modules/_kit/peer.ts";

export const receive: Handler<typeof Shipment, "receive"> = async (ctx, input) => {
  const { moved } = await call(ctx, Shipment).record(input);
  if (moved === null) return {};
  const { orderId, refundId, version } = moved;
  if (refundId === null) send(ctx, Fulfilment, orderId).news({ version });
  else send(ctx, Refund, refundId).moved({});
  return {};
};
