import { newId, seconds } from "../money/shapes.ts";
import type { Call } from "../world.ts";
import { type Letter, signatureOf } from "./post.ts";

/** The API version the pinned `stripe` package speaks. */
export const API_VERSION = "2026-10-28.endive";

/** A fact that happened, with the object as it was then. */
export type SandboxEvent = Readonly<{
  id: string;
  object: "event";
  api_version: string;
  created: number;
  data: { object: object };
  livemode: false;
  pending_webhooks: number;
  request: { id: string; idempotency_key: string | null };
  type: string;
}>;

/** An event as Stripe sends it. */
export const sealed = (event: SandboxEvent, secret: string, nowMs: number): Letter => {
  const body = JSON.stringify(event);
  return { body, headers: { "stripe-signature": signatureOf(body, secret, nowMs) } };
};

/** Writes an event to the log and hands it to the courier. */
export const emit = (call: Call, type: string, object: object): void => {
  const { world } = call;
  const event: SandboxEvent = {
    id: newId("evt"),
    object: "event",
    api_version: API_VERSION,
    created: seconds(world.now()),
    data: { object },
    livemode: false,
    pending_webhooks: world.courier.isAimedAt(type) ? 1 : 0,
    request: { id: call.requestId, idempotency_key: call.idempotencyKey },
    type,
  };
  world.events.put(event);
  world.courier.publish(event);
};
