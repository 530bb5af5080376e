import { z } from "zod";
import { seededRandom } from "./random.ts";

const rate = z.number().min(0).max(1);
const milliseconds = z.number().min(0).max(600_000);
const times = z.number().int().min(1).max(1_000_000);

export const faultSettings = z.strictObject({
  /** Added before execution: fixed, or drawn evenly from [min, max]. */
  latencyMs: z.union([milliseconds, z.tuple([milliseconds, milliseconds])]).optional(),
  /** 503 before execution: nothing happened. */
  errorRate: rate.optional(),
  /** Executes and commits, then drops the socket: it happened and the caller does not know. */
  cutRate: rate.optional(),
  webhooks: z
    .strictObject({
      lateMs: milliseconds.optional(),
      /** Extra copies of every event. */
      duplicate: z.number().int().min(0).max(100).optional(),
      reorder: z.boolean().optional(),
      loseRate: rate.optional(),
    })
    .optional(),
  /** Faults for the next requests of one endpoint; `*` in the path stands for any segment. */
  next: z
    .array(
      z.strictObject({
        match: z
          .string()
          .regex(/^(GET|POST|DELETE) \//, "must read like `POST /v1/payment_intents/*/capture`"),
        kind: z.enum(["error", "cut", "latency", "refuse"]),
        times: times.default(1),
        /** Only for `latency`. */
        ms: milliseconds.optional(),
        /** Only for `refuse`: what Stripe would say, like `balance_insufficient`. */
        code: z.string().optional(),
      }),
    )
    .optional(),
});

export type FaultSettings = z.input<typeof faultSettings>;
type Settings = z.output<typeof faultSettings>;

/** What happens to one request. */
export type Weather = {
  latencyMs: number;
  isRefused: boolean;
  isCut: boolean;
  /** The code of a refusal that the request meets inside: unlike a 503 it is an answer, and its key remembers it. */
  refusal?: string | undefined;
};

export type Faults = {
  /** Replaces all settings and starts the seeded stream again. */
  set(settings: FaultSettings): void;
  clear(): void;
  current(): Settings;
  /** Draws the weather of one request and uses up a matching `next`. */
  draw(method: string, path: string): Weather;
  random(): number;
};

const LATENCY_MS = 1_000;
const CALM: Weather = { latencyMs: 0, isRefused: false, isCut: false };

export const makeFaults = (seed: number): Faults => {
  let settings: Settings = {};
  let random = seededRandom(seed);
  const set = (next: Settings) => {
    settings = next;
    random = seededRandom(seed);
  };
  return {
    set: (next) => set(structuredClone(faultSettings.parse(next))),
    clear: () => set({}),
    current: () => settings,
    random: () => random(),
    draw: (method, path) => takeNext(settings, method, path) ?? drawRates(settings, random),
  };
};

const drawRates = (settings: Settings, random: () => number): Weather => {
  const latencyMs = drawLatency(settings.latencyMs, random);
  const isRefused = settings.errorRate !== undefined && random() < settings.errorRate;
  const isCut = settings.cutRate !== undefined && random() < settings.cutRate;
  // A cut promises that the request was executed, so a refused one is never cut.
  return { latencyMs, isRefused, isCut: isCut && !isRefused };
};

const drawLatency = (latency: Settings["latencyMs"], random: () => number): number => {
  if (latency === undefined) return 0;
  if (typeof latency === "number") return latency;
  return latency[0] + random() * (latency[1] - latency[0]);
};

const takeNext = (settings: Settings, method: string, path: string): Weather | undefined => {
  const found = settings.next?.find((entry) => entry.times > 0 && isMatch(entry.match, method, path));
  if (found === undefined) return undefined;
  found.times -= 1;
  if (found.kind === "error") return { ...CALM, isRefused: true };
  if (found.kind === "refuse") return { ...CALM, refusal: found.code ?? "refused" };
  if (found.kind === "cut") return { ...CALM, isCut: true };
  return { ...CALM, latencyMs: found.ms ?? LATENCY_MS };
};

const isMatch = (match: string, method: string, path: string): boolean => {
  const pattern = match.split("/");
  const actual = `${method} ${path}`.split("/");
  return pattern.length === actual.length && pattern.every((part, i) => part === "*" || part === actual[i]);
};
