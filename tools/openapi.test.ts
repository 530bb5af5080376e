import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { z } from "zod";
import { type Card, op, type Operation, type read, service, step } from "@shopnexus/contracts/kit/contract";
import { refusals } from "@shopnexus/contracts/kit/refusal";
import { PAGES } from "@shopnexus/contracts/pages";
import { openapi } from "#app/edge/openapi.ts";
import { projectRoot } from "#tools/dev/stack.ts";
import { breaks } from "./openapi/breaks.ts";
import { fingerprint } from "./openapi/fingerprint.ts";

const Refusals = refusals({
  GONE: { status: 409, says: "It is gone.", data: z.object({ state: z.string() }) },
  FULL: { status: 409, says: "It is full." },
});
const input = {
  holdId: z.string().min(3),
  lines: z.array(z.strictObject({ pieces: z.int().min(1).max(100) })).min(1),
  note: z.string().max(20).optional(),
  mode: z.enum(["fast", "slow"]),
};
const output = { total: z.int().min(0), state: z.enum(["held", "sold"]), at: z.string().optional() };
const card: Card = {
  who: "account",
  refuses: [Refusals.GONE],
  http: "POST /holds",
  accepted: z.object({ total: z.int() }),
  events: "GET /holds/events",
  undo: "release",
};

type Shape = Record<string, z.ZodType>;
type Change = {
  input?: Shape;
  output?: Shape;
  card?: Partial<Card>;
  make?: typeof step | typeof read | typeof op;
};

const pageOf = ({ input: more = {}, output: gives = {}, card: says = {}, make = step }: Change = {}) =>
  fingerprint([
    service("Stock", {
      reserve: make(z.strictObject({ ...input, ...more }), z.object({ ...output, ...gives }), {
        ...card,
        ...says,
      }) as Operation,
      release: step(z.strictObject({}), z.object({}), { who: "module" }),
    }),
  ]);
const broken = (change: Change) => breaks(pageOf(), pageOf(change));
const lines = (pieces: z.ZodType) => z.array(z.strictObject({ pieces })).min(1);

test("gate: a page that did not change breaks nothing", () => {
  expect(broken({})).toEqual([]);
});

test.each<[string, Change]>([
  ["an optional input field", { input: { colour: z.string().optional() } }],
  ["an output field", { output: { colour: z.string() } }],
  ["a refusal", { card: { refuses: [Refusals.GONE, Refusals.FULL] } }],
  ["a wider bound on an input", { input: { lines: lines(z.int().min(0).max(1_000)) } }],
  ["a narrower bound on an output", { output: { total: z.int().min(1).max(10) } }],
  ["a value that an input may have", { input: { mode: z.enum(["fast", "slow", "idle"]) } }],
  ["another alternative for an input", { input: { holdId: z.union([z.string().min(3), z.int()]) } }],
  ["an input field that need not be there any more", { input: { mode: input.mode.optional() } }],
  ["an output field that is always there now", { output: { at: z.string() } }],
  ["more callers", { card: { who: "anyone" } }],
])("gate: %s may be gained", (_what, change) => {
  expect(broken(change)).toEqual([]);
});

test("gate: an operation and a component may be gained", () => {
  const after = fingerprint([
    service("Stock", { release: step(z.strictObject({}), z.object({}), { who: "module" }) }),
    service("Serial", { pick: step(z.strictObject({}), z.object({}), { who: "module" }) }),
  ]);
  const before = { Stock: { kind: "service", operations: {} } };
  expect(breaks(before, after)).toEqual([]);
});

test.each<[string, Change]>([
  ["input.colour: required field added", { input: { colour: z.string() } }],
  ["input.note: became required", { input: { note: z.string().max(20) } }],
  ["input.lines[].pieces: maximum 100 became 50", { input: { lines: lines(z.int().min(1).max(50)) } }],
  ["input.lines[].pieces: minimum 1 became 2", { input: { lines: lines(z.int().min(2).max(100)) } }],
  [
    "input.lines: maxItems none became 5",
    {
      input: {
        lines: z
          .array(z.strictObject({ pieces: z.int().min(1).max(100) }))
          .min(1)
          .max(5),
      },
    },
  ],
  ["input.mode: value slow removed", { input: { mode: z.enum(["fast"]) } }],
  ["input.note: maxLength 20 became 10", { input: { note: z.string().max(10).optional() } }],
  ["input.holdId: type string became integer", { input: { holdId: z.int() } }],
  ["input.holdId: pattern none became ^h", { input: { holdId: z.string().min(3).regex(/^h/) } }],
  [
    "output.state: value lost added, which older readers refuse",
    { output: { state: z.enum(["held", "sold", "lost"]) } },
  ],
  ["output.total: minimum 0 became -5", { output: { total: z.int().min(-5) } }],
  ["output.total: became optional", { output: { total: z.int().min(0).optional() } }],
  ["output.total: type integer became string", { output: { total: z.string() } }],
])("gate: reports `Stock/reserve %s`", (sentence, change) => {
  expect(broken(change)).toEqual([`Stock/reserve ${sentence}`]);
});

test("gate: reports an output that may be null now", () => {
  expect(broken({ output: { total: output.total.nullable() } })).toEqual([
    "Stock/reserve output.total: type integer became null",
  ]);
});

test.each<[string, Partial<Card>]>([
  ["who account became seller, which shuts out account, operator", { who: "seller" }],
  ["who account became module, which shuts out account, seller, operator", { who: "module" }],
  ["refusal GONE removed", { refuses: [Refusals.FULL] }],
  ["status of GONE 409 became 410", { refuses: [{ ...Refusals.GONE, status: 410 }] }],
  ["http POST /holds became PUT /holds", { http: "PUT /holds" }],
  ["events GET /holds/events became GET /holds/stream", { events: "GET /holds/stream" }],
  ["undo release became restock", { undo: "restock" }],
])("gate: reports `Stock/reserve: %s`", (sentence, says) => {
  expect(broken({ card: says })).toEqual([`Stock/reserve: ${sentence}`]);
});

test("gate: reports what is said early in other words; that nothing is said early any more breaks nothing", () => {
  expect(broken({ card: { accepted: z.object({ total: z.string() }) } })).toEqual([
    "Stock/reserve accepted.total: type integer became string",
  ]);
  expect(breaks(pageOf(), fingerprint([pageWithoutEarly]))).toEqual([]);
});

const { accepted: _early, ...late } = card;
const pageWithoutEarly = service("Stock", {
  reserve: step(z.strictObject(input), z.object(output), late),
  release: step(z.strictObject({}), z.object({}), { who: "module" }),
});

test("openapi: what may be answered before it is done says so with 202, and what may be watched is a stream", () => {
  type Answers = { responses: Record<string, { content?: Record<string, { schema: object }> }> };
  const { paths } = openapi(Object.values(PAGES).flat()) as {
    paths: Record<string, Record<string, Answers>>;
  };
  const entered = paths["/drops/{dropId}/tickets"]?.["post"]?.responses;
  const schema = (status: string) => entered?.[status]?.content?.["application/json"]?.schema;
  expect(schema("202")).toMatchObject({ properties: { ticketId: {}, expiresAt: {} } });
  expect(schema("202")).not.toMatchObject({ properties: { position: {} } });
  expect(schema("200")).toMatchObject({ properties: { ticketId: {}, price: {}, position: {} } });
  const watched = paths["/drops/{dropId}/events"]?.["get"]?.responses;
  expect(Object.keys(watched?.["200"]?.content ?? {})).toEqual(["text/event-stream"]);
  expect(watched?.["404"]).toBeDefined();
});

test("gate: reports a step that became an op: invocations in flight replay the journal of a step", () => {
  expect(broken({ make: op })).toEqual(["Stock/reserve: kind step became op"]);
});

test("gate: reports fields, operations and components that are gone", () => {
  const { holdId: _gone, ...rest } = input;
  const fewer = service("Stock", { reserve: step(z.strictObject(rest), z.object({}), card) });
  expect(breaks(pageOf(), fingerprint([fewer]))).toEqual([
    "Stock/release: operation removed",
    "Stock/reserve input.holdId: field removed",
    "Stock/reserve output.total: field removed",
    "Stock/reserve output.state: field removed",
    "Stock/reserve output.at: field removed",
  ]);
  expect(breaks(pageOf(), {})).toEqual(["Stock: component removed"]);
});

test("fingerprint: every operation of every page is in it, whatever the order of its lines", () => {
  const contracts = Object.values(PAGES).flat();
  const print = fingerprint(contracts);
  const addresses = Object.entries(print).flatMap(([name, { operations }]) =>
    Object.keys(operations).map((verb) => `${name}/${verb}`),
  );
  const walked = contracts.flatMap(({ name, _handlers }) =>
    Object.keys(_handlers).map((verb) => `${name}/${verb}`),
  );
  expect(walked.length).toBeGreaterThan(50);
  expect(addresses.toSorted()).toEqual(walked.toSorted());
  expect(fingerprint(contracts.toReversed())).toEqual(print);
});

test("the committed openapi.json and fingerprint.json say what the pages say, and no promise is broken", () => {
  const { status, stdout } = spawnSync(process.execPath, ["tools/openapi.ts", "--check", "--json"], {
    cwd: projectRoot,
  });
  expect(JSON.parse(stdout.toString())).toEqual({
    ok: true,
    operations: expect.any(Number),
    broken: [],
    stale: [],
    written: [],
  });
  expect(status).toBe(0);
});
