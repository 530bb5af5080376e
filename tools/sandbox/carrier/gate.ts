import { setTimeout as sleep } from "node:timers/promises";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { HttpContext } from "../wire/gate.ts";
import { bodyOf, JsonRefusal } from "../wire/json.ts";
import type { CarrierWorld } from "./world.ts";

/** One request, decoded, and the carriers it is asked of. */
export type Call = {
  world: CarrierWorld;
  id: string;
  body: unknown;
  query: Record<string, string>;
  key: string | undefined;
};

export type Answer = { status: 200 | 201; body: object; headers?: Record<string, string> };

/** Executes one request at once: nothing else runs between its first read and its last write. */
export type Operation = (call: Call) => Answer;

/** Wraps an operation in what surrounds a request: the secret, the weather, decoding. */
export const serve =
  (world: CarrierWorld, operation: Operation) =>
  async (c: HttpContext): Promise<Response> => {
    if (c.req.header("authorization") !== `Bearer ${world.secret}`) {
      throw new JsonRefusal(401, "unauthorized", "Send the secret as `Authorization: Bearer SECRET`.");
    }
    const body = await bodyOf(c);
    const weather = world.faults.draw(c.req.method, c.req.path);
    if (weather.latencyMs > 0) await sleep(weather.latencyMs);
    if (weather.isRefused) {
      throw new JsonRefusal(503, "unavailable", "Injected fault: the request was not executed.");
    }
    const answer = operation({
      world,
      id: c.req.param("id") ?? "",
      body,
      query: c.req.query(),
      key: c.req.header("idempotency-key"),
    });
    if (!weather.isCut) return c.json(answer.body, answer.status, answer.headers);
    c.env.incoming.socket.destroy();
    return RESPONSE_ALREADY_SENT;
  };
