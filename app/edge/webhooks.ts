/** Webhooks are handed on as they came: the signature covers the raw text. Only an event that was kept is answered as heard. */
import type { Context, Hono } from "hono";
import { SECOND_MS } from "@shopnexus/contracts/kit/time";
import { Charge } from "@shopnexus/contracts/order/charge";
import { Shipment } from "@shopnexus/contracts/order/shipment";
import type { Host } from "../host.ts";
import { askIngress } from "./cards.ts";
import { heardOf, noAnswer } from "./problem.ts";

/**
 * An event is kept in milliseconds; one that is not kept after this is answered as not heard, so that it is sent again.
 * Well within the patience of any gateway, which would otherwise hang up and learn nothing.
 */
const KEPT_WAIT_MS = 5 * SECOND_MS;

export const serveWebhooks = (app: Hono, host: Host): void => {
  if (!host.served.some(({ component }) => component.contract.name === Charge.name)) return;
  app.post("/webhooks/stripe", (c) => hearStripe(c, host));
  app.get("/webhooks/vnpay", (c) => hearVnpay(c, host));
  app.post("/webhooks/carrier", (c) => hearCarrier(c, host));
};

type Event = { readonly gateway: "stripe" | "vnpay"; readonly payload: string; readonly signature: string };

const receive = ({ config }: Host, input: Event): Promise<Response | undefined> =>
  askIngress({
    url: `${config.restate.ingressUrl}/${Charge.name}/receive`,
    input,
    waitMs: KEPT_WAIT_MS,
  });

const hearStripe = async (c: Context, host: Host): Promise<Response> => {
  const signature = c.req.header("stripe-signature") ?? "";
  return heardOr(c, await receive(host, { gateway: "stripe", payload: await c.req.text(), signature }));
};

const hearCarrier = async (c: Context, { config }: Host): Promise<Response> => {
  const input = { payload: await c.req.text(), signature: c.req.header("carrier-signature") ?? "" };
  const url = `${config.restate.ingressUrl}/${Shipment.name}/receive`;
  return heardOr(c, await askIngress({ url, input, waitMs: KEPT_WAIT_MS }));
};

const heardOr = async (c: Context, response: Response | undefined): Promise<Response> => {
  const heard = await heardOf(response);
  return "text" in heard ? c.json({ received: true }) : noAnswer(c, heard);
};

/** What VNPay expects to hear; after any but the first two it calls again. */
const ANSWERS = {
  taken: { RspCode: "00", Message: "Confirm Success" },
  known: { RspCode: "02", Message: "Order already confirmed" },
  unknown: { RspCode: "01", Message: "Order not found" },
  amount_differs: { RspCode: "04", Message: "Invalid amount" },
  unsigned: { RspCode: "97", Message: "Invalid signature" },
  failed: { RspCode: "99", Message: "Unknown error" },
} as const;

/** The whole message is the query, and so is its signature. The answer is always 200: VNPay reads its code alone. */
const hearVnpay = async (c: Context, host: Host): Promise<Response> => {
  const payload = new URL(c.req.url).search.slice(1);
  if (payload === "") return c.json(ANSWERS.unsigned);
  const said = await heardOf(await receive(host, { gateway: "vnpay", payload, signature: "" }));
  if (!("text" in said)) {
    const isForged = "refused" in said && said.refused.code === "SIGNATURE_INVALID";
    return c.json(isForged ? ANSWERS.unsigned : ANSWERS.failed);
  }
  const { heard } = Charge._handlers.receive.output.parse(JSON.parse(said.text));
  return c.json(ANSWERS[heard]);
};
