import { randomUUID } from "node:crypto";
import { openStage, type Stage } from "../stage.ts";
import type { CarrierOptions } from "./carrier.ts";
import type { Quote, Shipment } from "./shapes.ts";

export const SECRET = "carrier_stage";

/** What an answer may hold; a test looks at what it asked for. */
type Body = Partial<Shipment> & {
  quotes?: Quote[];
  shipments?: Shipment[];
  next?: string | null;
  error?: { code: string; message: string };
};
export type Reply = { status: number; headers: Headers; body: Body };

type Sent = { body?: unknown; headers?: Record<string, string> };

export type CarrierStage = {
  stage: Stage;
  /** `POST /quotes`, by the secret. */
  ask(route: string, sent?: Sent): Promise<Reply>;
  /** Books a parcel that differs from the usual one; under a fresh key unless one is given. */
  book(changes?: object, key?: string): Promise<Reply>;
  [Symbol.asyncDispose](): Promise<void>;
};

export const openCarrierStage = async (options: CarrierOptions = {}): Promise<CarrierStage> => {
  const stage = await openStage({ carrier: { secret: SECRET, ...options } });
  const ask = (route: string, sent: Sent = {}) => askAt(stage.sandbox.carrier.apiUrl, route, sent);
  return {
    stage,
    ask,
    book: (changes = {}, key = randomUUID()) =>
      ask("POST /shipments", { body: { ...PARCEL, ...changes }, headers: { "idempotency-key": key } }),
    [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
  };
};

/** One try, as a caller without patience makes it. */
const askAt = async (apiUrl: string, route: string, { body, headers }: Sent): Promise<Reply> => {
  const [method = "", path = ""] = route.split(" ");
  const response = await fetch(apiUrl + path, {
    method,
    headers: { authorization: `Bearer ${SECRET}`, ...headers },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
};

export const address = (country = "VN") => ({
  recipient: "An Tran",
  phone: "+84900000000",
  line1: "1 Le Loi",
  city: "Hue",
  postcode: "530000",
  country,
});

export const SMALL = { weightGrams: 800, lengthMm: 200, widthMm: 100, heightMm: 50 };

const PARCEL = {
  reference: "order-1",
  carrier: "swift",
  service: "standard",
  from: address(),
  to: address(),
  parcel: SMALL,
  contents: "one teapot",
};
