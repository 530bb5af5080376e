import type { Fulfilment } from "@shopnexus/contracts/order/fulfilment";
import { Packing } from "@shopnexus/contracts/order/packing";
import { Parcel } from "@shopnexus/contracts/order/parcel";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { send } from "#modules/_kit/peer.ts";
import { whose } from "./news.ts";

export const repick: Handler<typeof Fulfilment, "repick"> = async (ctx, choice, { who }) => {
  const { parcels, changed } = await call(ctx, Packing).repick({ ...whose(ctx, who), ...choice });
  for (const { parcelId, choice: before } of changed) send(ctx, Parcel, parcelId).changed({ choice: before });
  return { parcels };
};
