/** What sends parcels. */
import { HOUR_MS } from "@shopnexus/contracts/kit/time";
import { Packing } from "@shopnexus/contracts/order/packing";
import { Parcel } from "@shopnexus/contracts/order/parcel";
import { Shipment } from "@shopnexus/contracts/order/shipment";
import { provide } from "#modules/_kit/board.ts";
import { choose } from "../packing/choose.ts";
import { postpone } from "../packing/postpone.ts";
import { repick as repickParcels } from "../packing/repick.ts";
import { changed } from "../parcel/changed.ts";
import { run as runParcel } from "../parcel/run.ts";
import { book } from "../shipment/book.ts";
import { handOver as handOverLines } from "../shipment/hand-over.ts";
import { label } from "../shipment/label.ts";
import { list as listShipments } from "../shipment/list.ts";
import { offer } from "../shipment/offer.ts";
import { quote } from "../shipment/quote.ts";
import { read as readShipment } from "../shipment/read.ts";
import { receive as receiveCarrier } from "../shipment/receive.ts";
import { record as recordCarrier } from "../shipment/record.ts";
import { seal } from "../shipment/seal.ts";
import { track } from "../shipment/track.ts";
import { unbook } from "../shipment/unbook.ts";

export const shipping = [
  provide(Packing, { choose, postpone, repick: repickParcels }),
  provide(Parcel, { run: runParcel, changed }, { workflowRetentionMs: HOUR_MS, journalRetentionMs: HOUR_MS }),
  provide(Shipment, {
    offer,
    quote,
    book,
    unbook,
    seal,
    receive: receiveCarrier,
    record: recordCarrier,
    track,
    handOver: handOverLines,
    read: readShipment,
    list: listShipments,
    label,
  }),
];
