/** A database, carriers that speak their real protocol, and paid orders whose lines are confirmed. */
import { sql } from "drizzle-orm";
import { freshId } from "@shopnexus/contracts/kit/id";
import type { Booking, CarrierChoice } from "@shopnexus/contracts/order/carriage";
import type { StepScene } from "#modules/_kit/handler.ts";
import type { Sandbox } from "#tools/sandbox/server.ts";
import { openStage } from "#tools/sandbox/stage.ts";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { testSettings } from "#tools/testkit/settings.ts";
import type { ShipmentRow } from "../../_kit/parcels.ts";
import { confirm } from "../../line/confirm.ts";
import { lineOf, type PaidOrder, paidOrder, scene, SELLER } from "../../line/proof/stage.ts";

export const SECRET = "carrier_proof";
const SWIFT: CarrierChoice = { carrier: "swift", service: "standard" };

export type CarrierStage = {
  readonly database: TestDatabase;
  readonly carrier: Sandbox["carrier"];
  scene(): StepScene;
  /** Of a shop without carriers. */
  alone(): StepScene;
  /** An order whose lines are confirmed, and a booking for all of them. */
  confirmed(choice?: CarrierChoice): Promise<{ order: PaidOrder; booking: Booking }>;
  row(shipmentId: string): Promise<ShipmentRow & { state: string }>;
  /** Bookings under our name at the carriers. */
  booked(shipmentId: string): Array<{ status: string; trackingId: string; shipmentId: string }>;
  lines(order: PaidOrder): Promise<Array<{ state: string; shipmentId: string | null }>>;
  close(): Promise<void>;
};

export const openCarrierStage = async (): Promise<CarrierStage> => {
  const database = await testDatabase("order");
  const { sandbox } = await openStage({ carrier: { secret: SECRET } });
  const { db } = database;
  const settings = { ...testSettings, carrier: { apiUrl: sandbox.carrier.apiUrl, secret: SECRET } };
  return {
    database,
    carrier: sandbox.carrier,
    scene: () => scene(db, settings),
    alone: () => scene(db),
    confirmed: async (choice = SWIFT) => {
      const order = await paidOrder(db, [lineOf(SELLER), lineOf(SELLER, 300, 2)]);
      await confirm({ orderId: order.orderId, accountId: SELLER, carrier: choice }, scene(db));
      const [parcel] = await db.execute<{ id: string }>(
        sql`select parcel_id as id from "order".parcel where order_id = ${order.orderId}`,
      );
      const booking = {
        shipmentId: freshId("shp"),
        kind: "outward" as const,
        orderId: order.orderId,
        parcelId: parcel?.id ?? null,
        refundId: null,
        lineIds: [...order.lineIds],
        ...choice,
      };
      return { order, booking };
    },
    row: async (shipmentId) => {
      const [row] = await db.execute(
        sql`select *, look_at as "lookAt", sealed_at as "sealedAt", tracking_id as "trackingId"
        from "order".shipment where shipment_id = ${shipmentId}`,
      );
      return row as unknown as ShipmentRow;
    },
    booked: (shipmentId) => sandbox.carrier.shipments().filter(({ reference }) => reference === shipmentId),
    lines: async ({ orderId }) => [
      ...(await db.execute<{ state: string; shipmentId: string | null }>(
        sql`select state, shipment_id as "shipmentId" from "order".checkout_line where order_id = ${orderId} order by position`,
      )),
    ],
    close: async () => {
      await sandbox.stop();
      await database.close();
    },
  };
};
