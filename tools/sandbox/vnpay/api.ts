import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { HttpContext } from "../wire/gate.ts";
import { type Command, requestIdOf } from "./command.ts";
import { query } from "./query.ts";
import { refund } from "./refund.ts";
import { type Code, MESSAGES } from "./shapes.ts";
import { type Fields, isSignedList, listHash } from "./signature.ts";
import type { VnpayWorld } from "./world.ts";

const COMMANDS: Readonly<Record<string, Command>> = { querydr: query, refund };
// A merchant's request ids are its own for a day.
const REMEMBERED_FOR_MS = 24 * 60 * 60 * 1_000;
// These may be left out; they are signed as nothing.
const OPTIONAL = new Set(["vnp_TransactionNo"]);

/** `POST /vnpay/merchant_webapi/api/transaction`, in the weather of VNPay's own faults. */
export const serveTransaction =
  (world: VnpayWorld) =>
  async (c: HttpContext): Promise<Response> => {
    const weather = world.faults.draw(c.req.method, c.req.path);
    const asked = fieldsOf(await c.req.text());
    if (weather.latencyMs > 0) await sleep(weather.latencyMs);
    if (weather.isRefused) return c.text("Injected fault: the request was not executed.", 503);
    const answer = answerTo(world, asked, weather.refusal);
    if (!weather.isCut) return c.json(answer);
    c.env.incoming.socket.destroy();
    return RESPONSE_ALREADY_SENT;
  };

/** Numbers are taken for the text they read as; anything else is no request. */
const fieldsOf = (source: string): Fields => {
  try {
    const body = JSON.parse(source) as Record<string, unknown> | null;
    const entries = Object.entries(body ?? {}).map(([name, value]) => [name, String(value)]);
    return Object.fromEntries(entries) as Fields;
  } catch {
    return {};
  }
};

const answerTo = (world: VnpayWorld, asked: Fields, injected: string | undefined): Fields => {
  const name = asked["vnp_Command"] ?? "";
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  const found = injected ?? refusalOf(world, asked, command) ?? command?.run(world, asked) ?? "99";
  const facts: Fields =
    typeof found === "string"
      ? { vnp_ResponseCode: found, vnp_Message: messageOf(found), vnp_TxnRef: asked["vnp_TxnRef"] ?? "" }
      : { vnp_ResponseCode: "00", vnp_Message: MESSAGES["00"], ...found };
  return signed(world, { ...facts, vnp_Command: name }, command?.answers ?? query.answers);
};

const messageOf = (code: string): string =>
  Object.hasOwn(MESSAGES, code) ? MESSAGES[code as Code] : "Injected fault";

/** What is wrong before anything is looked at. */
const refusalOf = (world: VnpayWorld, asked: Fields, command: Command | undefined): Code | undefined => {
  const { merchant } = world;
  if (command === undefined || asked["vnp_Version"] !== "2.1.0") return "03";
  if (command.asks.some((field) => !OPTIONAL.has(field) && (asked[field] ?? "") === "")) return "03";
  if (merchant === undefined || asked["vnp_TmnCode"] !== merchant.terminalCode) return "02";
  if (!isSignedList(asked, command.asks, merchant.hashSecret)) return "97";
  const earlier = world.requests.get(requestIdOf(asked));
  return earlier !== undefined && world.now() - earlier.atMs < REMEMBERED_FOR_MS ? "94" : undefined;
};

const signed = (world: VnpayWorld, facts: Fields, names: readonly string[]): Fields => {
  const answer = {
    ...facts,
    vnp_ResponseId: randomUUID().replaceAll("-", ""),
    vnp_TmnCode: world.merchant?.terminalCode ?? "",
  };
  return { ...answer, vnp_SecureHash: listHash(answer, names, world.merchant?.hashSecret ?? "") };
};
