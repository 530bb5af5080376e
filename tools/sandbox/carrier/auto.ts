import { usuallyNext } from "./life.ts";
import { move } from "./move.ts";
import type { Shipment } from "./shapes.ts";
import type { CarrierWorld } from "./world.ts";

/** Parcels that go their usual way by themselves. */
export type AutoLife = {
  /** How long each stop takes; null leaves every parcel where it is. */
  set(autoMs: number | null): void;
  stop(): void;
};

export const startAutoLife = (world: CarrierWorld): AutoLife => {
  const waiting = new Map<string, NodeJS.Timeout>();
  let stepMs: number | null = null;
  const forget = () => {
    for (const timer of waiting.values()) clearTimeout(timer);
    waiting.clear();
  };
  const expect = ({ shipmentId, status }: Shipment) => {
    clearTimeout(waiting.get(shipmentId));
    waiting.delete(shipmentId);
    const next = usuallyNext(status);
    if (stepMs === null || next === undefined) return;
    waiting.set(
      shipmentId,
      setTimeout(() => move(world, shipmentId, { status: next }), stepMs),
    );
  };
  world.onMoved = expect;
  return {
    set: (autoMs) => {
      forget();
      stepMs = autoMs;
      for (const shipment of world.shipments.all()) expect(shipment);
    },
    stop: () => {
      stepMs = null;
      forget();
    },
  };
};
