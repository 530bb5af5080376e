/** An exchange-rate source: one table against the dollar, asked for with any currency of it as the base. */
import { Currency, Rate } from "@shopnexus/contracts/kit/money";
import { z } from "zod";
import type { App, Part } from "../parts.ts";
import { bodyAs, JsonRefusal, jsonRoutes, read } from "../wire/json.ts";
import type { World } from "../world.ts";
import { crossRate } from "./cross.ts";
import { USD_RATES } from "./usd.ts";

export type SandboxRates = {
  /** What EXCHANGE_API_URL is to be: `GET <url>/rates?base=USD`. */
  readonly url: string;
  /** What a dollar is worth, by currency; null forgets one, the others stay. */
  set(rates: Readonly<Record<string, string | null>>): void;
  /** The rates say they were taken this long ago; 0 is now. */
  setStale(staleMs: number): void;
  /** While it is down every question is answered 503. */
  setDown(isDown: boolean): void;
  /** Back to how it began. */
  reset(): void;
};

type Table = { perDollar: Record<string, string>; staleMs: number; isDown: boolean };

const fresh = (): Table => ({ perDollar: { ...USD_RATES }, staleMs: 0, isDown: false });

const asking = z.strictObject({ base: Currency.default("USD") });
const perDollar = z.record(Currency, Rate.nullable());
const setting = z.strictObject({
  rates: perDollar.optional(),
  staleMs: z.int().min(0).optional(),
  down: z.boolean().optional(),
});

export const openRates = (world: World): { rates: SandboxRates; part: Part } => {
  let table = fresh();
  const rates: SandboxRates = {
    get url() {
      return world.url;
    },
    set: (changes) => {
      const all = { ...table.perDollar, ...perDollar.parse(changes) };
      table.perDollar = Object.fromEntries(
        Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null),
      );
    },
    setStale: (staleMs) => {
      table.staleMs = staleMs;
    },
    setDown: (isDown) => {
      table.isDown = isDown;
    },
    reset: () => {
      table = fresh();
    },
  };
  const takenAt = () => new Date(world.now() - table.staleMs).toISOString();
  const look = () => ({ rates: table.perDollar, takenAt: takenAt(), down: table.isDown });
  const ask = (base: string) => {
    if (table.isDown) throw new JsonRefusal(503, "unavailable", "The source is down, as it was told to be.");
    return { base, rates: against(table.perDollar, base), takenAt: takenAt() };
  };
  const part: Part = {
    name: "rates",
    mount: (app) => mountRates(app, { rates, ask, look }),
    reset: rates.reset,
    totals: look,
  };
  return { rates, part };
};

type Desk = { rates: SandboxRates; ask(base: string): object; look(): object };

const mountRates = (app: App, { rates, ask, look }: Desk): void => {
  const routes = jsonRoutes();
  routes.get("/rates", (c) => c.json(ask(read(asking, c.req.query()).base)));
  routes.get("/sandbox/rates", (c) => c.json(look()));
  routes.post("/sandbox/rates", async (c) => {
    const { rates: changes, staleMs, down } = await bodyAs(c, setting);
    if (changes !== undefined) rates.set(changes);
    if (staleMs !== undefined) rates.setStale(staleMs);
    if (down !== undefined) rates.setDown(down);
    return c.json(look());
  });
  routes.delete("/sandbox/rates", (c) => {
    rates.reset();
    return c.json(look());
  });
  app.route("/", routes);
};

const against = (perDollar: Readonly<Record<string, string>>, base: string): Record<string, string> => {
  const all: Record<string, string> = { ...perDollar, USD: "1" };
  const ours = all[base];
  if (ours === undefined) {
    throw new JsonRefusal(404, "currency_unknown", `There are no rates of ${base} here.`);
  }
  return Object.fromEntries(
    Object.entries(all)
      .filter(([currency]) => currency !== base)
      .map(([currency, rate]) => [currency, crossRate(ours, rate)]),
  );
};
