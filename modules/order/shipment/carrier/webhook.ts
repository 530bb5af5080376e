/** What carriers say of themselves: believed when it bears their signature, made of a secret that only they and we have. */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { MINUTE_MS, SECOND_MS } from "@shopnexus/contracts/kit/time";
import { ShipmentState } from "@shopnexus/contracts/order/carriage";
import { z } from "zod";
import type { CarrierEvent } from "./port.ts";

/** An older event may be one that somebody kept to say it again. */
const AGE_MAX_MS = 5 * MINUTE_MS;

const Fact = z.object({
  eventId: z.string().min(1).max(200),
  shipmentId: z.string().min(1).max(200),
  trackingId: z.string().min(1).max(120),
  reference: z.string().max(200),
  status: z.string().max(60),
});

type Signed = {
  readonly payload: string;
  readonly signature: string;
  readonly secret: string;
  readonly nowMs: number;
};

export const readEvent = (signed: Signed): CarrierEvent | undefined => {
  if (!isGenuine(signed)) return undefined;
  const fact = Fact.safeParse(parsed(signed.payload));
  if (!fact.success)
    return { eventId: hashOf(signed.payload), reference: undefined, status: "unread", report: undefined };
  const { eventId, shipmentId: ref, trackingId, reference, status } = fact.data;
  return { eventId, reference, status, report: { ref, trackingId, state: stateOf(status) } };
};

/** Compared in constant time. An empty secret would verify what anybody signed with nothing. */
const isGenuine = ({ payload, signature, secret, nowMs }: Signed): boolean => {
  if (secret === "") return false;
  const { t, v1 } = partsOf(signature);
  if (t === undefined || v1 === undefined || !/^[0-9]{1,12}$/.test(t)) return false;
  if (Math.abs(nowMs - Number(t) * SECOND_MS) > AGE_MAX_MS) return false;
  const wanted = createHmac("sha256", secret).update(`${t}.${payload}`).digest();
  const given = Buffer.from(v1, "hex");
  return given.length === wanted.length && timingSafeEqual(given, wanted);
};

/** `t=1,v1=ab`: of a name that comes twice, the last counts. */
const partsOf = (signature: string): { t?: string; v1?: string } =>
  Object.fromEntries(signature.split(",").map((part) => part.split("=", 2))) as { t?: string; v1?: string };

const parsed = (payload: string): unknown => {
  try {
    return JSON.parse(payload) as unknown;
  } catch {
    return undefined;
  }
};

const hashOf = (payload: string): string => createHash("sha256").update(payload).digest("hex");

/** Their words are ours; one that is not says nothing. */
export const stateOf = (status: string): ShipmentState | undefined => {
  const state = ShipmentState.safeParse(status);
  return state.success && state.data !== "booking" && state.data !== "withdrawing" ? state.data : undefined;
};
