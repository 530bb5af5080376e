/** The load generator: a process of its own, closed loops, bounded in time and count, raw HTTP over kept connections. */
import { randomUUID } from "node:crypto";
import { Agent, request } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import {
  percentile,
  pick,
  type Piece,
  round,
  seeded,
  type Timings,
  timingsOf,
  type Window,
} from "./rules.ts";

export type LoadBuyer = { token: string; addressId: string };
export type LoadGoods = { skuId: string; price: { minor: number; currency: string } };
export type LoadPlan = {
  readonly kind: "buyers" | "noop";
  readonly atOnce: number;
  readonly warmMs: number;
  readonly measureMs: number;
  readonly ingressUrl: string;
  readonly sandboxUrl: string;
  readonly buyers: readonly LoadBuyer[];
  /** One list a seller. */
  readonly shelves: ReadonlyArray<readonly LoadGoods[]>;
};

export type LoadResult = Timings & {
  /** The time each request of a path takes, half of them or less. */
  readonly legsP50Ms: Record<string, number>;
  /** Of the whole run, warm-up included, by what was said. */
  readonly errors: Record<string, number>;
};

type Path = Piece & { readonly legs: Record<string, number> };

/** However fast it goes, one run is no more than this. */
const PIECE_COUNT_MAX = 200_000;

/** Runs the plan; `onWindow` is told when the measured time begins and ends. */
export const runLoad = async (
  plan: LoadPlan,
  onWindow: (what: "begin" | "end") => void,
): Promise<LoadResult> => {
  const agent = new Agent({ keepAlive: true, maxSockets: plan.atOnce });
  const [pieces, errors]: [Path[], Record<string, number>] = [[], {}];
  const beginAtMs = performance.now() + plan.warmMs;
  const endAtMs = beginAtMs + plan.measureMs;
  const loop = async (at: number): Promise<void> => {
    // All at the same moment would stay in step, and end in waves.
    await sleep((plan.warmMs * at) / (2 * plan.atOnce));
    const piece = plan.kind === "noop" ? noop(plan, agent) : path(plan, agent, at);
    while (performance.now() < endAtMs && pieces.length < PIECE_COUNT_MAX) {
      const beganAtMs = performance.now();
      try {
        const legs = await piece();
        pieces.push({ beganAtMs, endedAtMs: performance.now(), legs });
      } catch (error) {
        const said = String(error).slice(0, 200);
        errors[said] = (errors[said] ?? 0) + 1;
      }
    }
  };
  const loops = Array.from({ length: plan.atOnce }, (_, at) => loop(at));
  await sleep(plan.warmMs);
  onWindow("begin");
  await sleep(endAtMs - performance.now());
  onWindow("end");
  await Promise.all(loops);
  agent.destroy();
  return { ...summary(pieces, { beginAtMs, endAtMs }), errors };
};

const summary = (pieces: readonly Path[], window: Window): Omit<LoadResult, "errors"> => {
  const ended = pieces.filter(({ endedAtMs }) => endedAtMs >= window.beginAtMs);
  const leg = (name: string): number => {
    const sorted = ended.map(({ legs }) => legs[name] ?? 0).toSorted((one, other) => one - other);
    return round(percentile(sorted, 0.5));
  };
  const names = Object.keys(ended[0]?.legs ?? {});
  return {
    ...timingsOf(pieces, window),
    legsP50Ms: Object.fromEntries(names.map((name) => [name, leg(name)])),
  };
};

const noop = (plan: LoadPlan, agent: Agent) => async (): Promise<Record<string, number>> => {
  await post(agent, `${plan.ingressUrl}/Noop/nothing`, { body: "{}" });
  return {};
};

type View = { checkoutId: string; state: string; payment: { clientSecret: string } };

/** One buyer: three lines of two sellers into the cart, checkout, pay at the gateway, come back and look. */
const path = (plan: LoadPlan, agent: Agent, at: number) => {
  const buyer = plan.buyers[at % plan.buyers.length] as LoadBuyer;
  const random = seeded(at + 1);
  const ask = <T>(address: string, body: unknown): Promise<T> => {
    const headers = { authorization: `Bearer ${buyer.token}`, "idempotency-key": randomUUID() };
    return post<T>(agent, `${plan.ingressUrl}/${address}`, { headers, body: JSON.stringify(body) });
  };
  return async (): Promise<Record<string, number>> => {
    const lap = stopwatch();
    const [two = [], one = []] = pick(plan.shelves, 2, random);
    const goods = [...pick(two, 2, random), ...pick(one, 1, random)];
    await ask("Cart/put", { lines: goods.map(({ skuId }) => ({ skuId, pieces: 1 })) });
    lap("cart");
    const view = await ask<View>("Order/checkout", basket(buyer, goods));
    lap("checkout");
    await payAt(plan.sandboxUrl, agent, view.payment.clientSecret);
    lap("pay");
    const { state } = await ask<View>(`Checkout/${view.checkoutId}/look`, {});
    lap("look");
    if (state !== "placed") throw new Error(`a paid checkout is ${state}`);
    return lap.legs;
  };
};

const basket = ({ addressId }: LoadBuyer, goods: readonly LoadGoods[]) => ({
  attemptId: randomUUID(),
  addressId,
  gateway: "stripe",
  currency: "USD",
  codes: [],
  lines: goods.map(({ skuId, price }) => ({ skuId, pieces: 1, seen: price })),
});

const payAt = (sandboxUrl: string, agent: Agent, clientSecret: string): Promise<unknown> =>
  post(agent, `${sandboxUrl}/v1/payment_intents/${clientSecret.split("_secret_")[0]}/confirm`, {
    headers: { authorization: "Bearer pk_test_browser", "content-type": "application/x-www-form-urlencoded" },
    body: `client_secret=${clientSecret}&payment_method=pm_card_visa&return_url=https%3A%2F%2Fshop.example%2F`,
  });

type Lap = ((name: string) => void) & { legs: Record<string, number> };

const stopwatch = (): Lap => {
  let lastMs = performance.now();
  const legs: Record<string, number> = {};
  const lap = (name: string): void => {
    const nowMs = performance.now();
    legs[name] = nowMs - lastMs;
    lastMs = nowMs;
  };
  return Object.assign(lap, { legs });
};

/** Longer than the shop itself waits for anything a buyer asks. */
const ANSWER_WITHIN_MS = 30_000;

type Sending = { headers?: Record<string, string>; body: string };

export const post = <T>(agent: Agent, url: string, { headers, body }: Sending): Promise<T> =>
  new Promise((resolve, reject) => {
    const all = { "content-type": "application/json", ...headers, "content-length": Buffer.byteLength(body) };
    const sent = request(
      url,
      { method: "POST", agent, headers: all, timeout: ANSWER_WITHIN_MS },
      (response) => {
        const settle = (said: string): void => {
          if (response.statusCode === 200) resolve((said === "" ? undefined : JSON.parse(said)) as T);
          else
            reject(
              new Error(
                `${new URL(url).pathname.replaceAll(/\w+_\w{12,}/g, "…")} ${response.statusCode} ${said}`,
              ),
            );
        };
        text(response).then(settle, reject);
      },
    );
    sent.on("timeout", () => sent.destroy(new Error(`no answer within ${ANSWER_WITHIN_MS} ms`)));
    sent.on("error", reject);
    sent.end(body);
  });
