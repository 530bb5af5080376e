/** An aggregator of carriers over HTTP and JSON. Where its API is, is a setting. */
import { SECOND_MS } from "@shopnexus/contracts/kit/time";
import { CarrierOption } from "@shopnexus/contracts/order/carriage";
import { z } from "zod";
import type { CarrierSettings } from "#modules/_kit/settings.ts";
import type { Booked, BookingOrder, Carrier, CarrierReport, Known, Route } from "./port.ts";
import { readEvent, stateOf } from "./webhook.ts";

/** A step that waits longer than this is better asked again under the same key. */
const TIMEOUT_MS = 10 * SECOND_MS;

const Quotes = z.object({ quotes: z.array(CarrierOption) });
const View = z.object({
  shipmentId: z.string(),
  trackingId: z.string(),
  reference: z.string(),
  status: z.string(),
  price: CarrierOption.shape.price,
});
type View = z.infer<typeof View>;
const Views = z.object({ shipments: z.array(View) });
const Refusal = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

export const openRest = (settings: CarrierSettings): Carrier => ({
  quote: (route) => quote(settings, route),
  book: (order) => book(settings, order),
  cancel: (booking) => cancel(settings, booking),
  report: async (booking) => {
    const found = await find(settings, booking);
    return found === undefined || found === "none" ? undefined : reportOf(found);
  },
  event: (payload, signature) =>
    readEvent({ payload, signature, secret: settings.secret, nowMs: Date.now() }),
});

type Answer = { readonly status: number; readonly body: unknown };
type Asked = {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: object;
  readonly key?: string;
};

/** Undefined when nobody answers: no connection, no time, no permission, or trouble of theirs. */
const ask = async ({ apiUrl, secret }: CarrierSettings, asked: Asked): Promise<Answer | undefined> => {
  try {
    const response = await fetch(apiUrl.replace(/\/$/, "") + asked.path, {
      method: asked.method,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        authorization: `Bearer ${secret}`,
        ...(asked.body && { "content-type": "application/json" }),
        ...(asked.key && { "idempotency-key": asked.key }),
      },
      ...(asked.body && { body: JSON.stringify(asked.body) }),
    });
    const body: unknown = await response.json();
    return isTrouble(response.status) ? undefined : { status: response.status, body };
  } catch {
    return undefined;
  }
};

/** Not about what was asked, so the same question may be answered later. */
const isTrouble = (status: number): boolean => status >= 500 || [401, 403, 408, 429].includes(status);

const quote = async (settings: CarrierSettings, { from, to, box, currency }: Route) => {
  const body = { from, to, parcel: box, currency };
  const answer = await ask(settings, { method: "POST", path: "/quotes", body });
  if (answer === undefined) return undefined;
  const options = answer.status === 200 ? Quotes.parse(answer.body).quotes : [];
  return options.toSorted((one, other) => one.price.minor - other.price.minor);
};

const book = async (settings: CarrierSettings, order: BookingOrder): Promise<Booked> => {
  const { shipmentId, carrier, service, from, to, box, contents, currency } = order;
  const body = { reference: shipmentId, carrier, service, from, to, parcel: box, contents, currency };
  const asked: Asked = { method: "POST", path: "/shipments", body, key: shipmentId };
  const answer = await ask(settings, asked);
  if (answer === undefined) return { state: "down", reason: "the carrier does not answer" };
  if (answer.status !== 201) return { state: "refused", reason: reasonIn(answer.body) };
  const { trackingId, price, shipmentId: ref } = View.parse(answer.body);
  return { state: "booked", ref, trackingId, price };
};

const reasonIn = (body: unknown): string => {
  const read = Refusal.safeParse(body);
  return read.success
    ? `${read.data.error.code}: ${read.data.error.message}`.slice(0, 300)
    : "no reason given";
};

/** A booking whose answer was lost is found by our own name for it. */
const find = async (
  settings: CarrierSettings,
  { shipmentId, carrierRef }: Known,
): Promise<View | "none" | undefined> => {
  const path =
    carrierRef === null
      ? `/shipments?reference=${encodeURIComponent(shipmentId)}`
      : `/shipments/${encodeURIComponent(carrierRef)}`;
  const answer = await ask(settings, { method: "GET", path });
  if (answer === undefined) return undefined;
  if (answer.status !== 200) return "none";
  return carrierRef === null ? (Views.parse(answer.body).shipments[0] ?? "none") : View.parse(answer.body);
};

const cancel = async (
  settings: CarrierSettings,
  booking: Known,
): Promise<CarrierReport | "none" | undefined> => {
  const found = await find(settings, booking);
  if (found === undefined || found === "none") return found;
  const path = `/shipments/${encodeURIComponent(found.shipmentId)}/cancel`;
  const answer = await ask(settings, { method: "POST", path, body: {} });
  if (answer === undefined) return undefined;
  if (answer.status === 200) return reportOf(View.parse(answer.body));
  // Too late: it says itself how far the parcel is.
  const now = await find(settings, { ...booking, carrierRef: found.shipmentId });
  return now === undefined || now === "none" ? now : reportOf(now);
};

const reportOf = ({ shipmentId: ref, trackingId, status }: View): CarrierReport => ({
  ref,
  trackingId,
  state: stateOf(status),
});
