/** The report, for people. */
import { columns } from "#tools/start/columns.ts";
import type { Report } from "./report.ts";
import type { Measured } from "./measure.ts";

export const tell = (report: Report): string =>
  [
    `${report.machine.cores} cores, ${report.machine.model}, Node ${report.machine.node}; ${report.seconds} s a run after ${report.warmSeconds} s of warm-up`,
    ...buyers(report),
    ...noop(report),
    ...lives(report),
    ...books(report),
    ...drops(report),
    ...memory(report),
    ...profile(report),
    report.isOk
      ? "All paths ended in orders, and the books agree."
      : "FAILED: see the errors and checks above.",
  ].join("\n");

const HEAD = [
  "",
  "at once",
  "a second",
  "p50 ms",
  "p99 ms",
  "paths or calls",
  "errors",
  "CPU ms each: share",
  "",
  "",
  "",
  "",
  "others",
];

const row = (name: string, run: Measured): string[] => [
  name,
  String(run.atOnce),
  run.perSecond.toFixed(1),
  run.p50Ms.toFixed(1),
  run.p99Ms.toFixed(1),
  run.done.toFixed(0),
  String(Object.values(run.errors).reduce((sum, count) => sum + count, 0)),
  ...["restate", "postgres", "app", "sandbox", "load"].map((part) => {
    const spent = run.cpu[part];
    return spent === undefined ? "" : `${part} ${spent.msPerOne.toFixed(1)}: ${Math.round(spent.percent)} %`;
  }),
  `${run.othersPerSecond.toFixed(2)} cores`,
];

const buyers = ({ buyers: runs, ratios }: Report): string[] => {
  if (runs === undefined) return [];
  const rows = [
    ...runs.fused.map((run) => row("fused", run)),
    ...runs.unfused.map((run) => row("FUSE=off", run)),
  ];
  const said = [...runs.fused, ...runs.unfused].flatMap(({ errors }) => Object.entries(errors));
  return [
    "\nWhole buyer paths: three lines into the cart, checkout, payment, look, placed",
    columns([HEAD, ...rows]),
    ...said.map(([what, count]) => `  ${count} x ${what}`),
    `  requests of a path, p50 ms: ${legs(runs.fused)}`,
    ratios.fused.length === 0
      ? ""
      : `  fused is ${ratios.fused.map(({ atOnce, times }) => `${times} times as fast at ${atOnce}`).join(", ")}`,
    ...Object.entries(runs.checks).map(([name, check]) => `  ${name}: ${JSON.stringify(check)}`),
  ];
};

const lives = ({ lives: found }: Report): string[] =>
  found === undefined
    ? []
    : [
        "\nWhole lives: checkout, payment, confirmation, parcel, escrow, payout",
        columns([
          ["at once", "a minute", "p50 ms", "p99 ms", "lives", "handlers each", "transactions each", "books"],
          [
            found.atOnce,
            found.perMinute,
            found.p50Ms,
            found.p99Ms,
            found.lives,
            found.invocations,
            found.transactions,
            found.isClean ? "clean" : "WRONG",
          ].map(String),
        ]),
      ];

const books = ({ books: found }: Report): string[] =>
  found === undefined
    ? []
    : [
        "\nThe audit of all books, bulk-made",
        columns([
          ["orders", "ms", "clean"],
          ...found.runs.map(({ orders, ms, isClean }) => [String(orders), String(ms), String(isClean)]),
        ]),
        `  ten times as many orders take ${found.growth} times as long`,
      ];

const drops = ({ drops: found }: Report): string[] =>
  found === undefined
    ? []
    : [
        `\nThe door of a sold-out drop, ${found.atOnce} at once, and constant answers of the same process`,
        columns([
          ["", "a second", "CPU us each"],
          ["constant", String(found.constantPerSecond), String(found.constantCpuMicros)],
          ["refused", String(found.refusedPerSecond), String(found.refusedCpuMicros)],
        ]),
        `  ${found.percent} refusals for a hundred constant answers; by round ${found.percentByRound.join(", ")}${found.isEnough ? "" : ": TOO FEW"}`,
      ];

const legs = (runs: readonly Measured[]): string =>
  runs
    .map(
      ({ atOnce, legsP50Ms }) =>
        `${atOnce}: ${Object.entries(legsP50Ms)
          .map(([name, ms]) => `${name} ${ms}`)
          .join(", ")}`,
    )
    .join("; ");

const noop = ({ noop: runs, ratios }: Report): string[] => {
  if (runs === undefined) return [];
  const lines = ratios.noop.map(({ atOnce, times }) => `${times} no-ops at ${atOnce}`).join(", ");
  return [
    "\nA Restate handler that does nothing, on the same machine",
    columns([HEAD, ...runs.map((run) => row("no-op", run))]),
    lines === "" ? "" : `  a path takes as long as ${lines}`,
  ];
};

const memory = ({ memory: readings }: Report): string[] => {
  const [before, after] = [readings?.before ?? {}, readings?.after ?? {}];
  const names = Object.keys(after);
  if (names.length === 0) return [];
  const cell = (one?: { rssMiB: number; pssMiB: number }) => (one ? `${one.rssMiB} (${one.pssMiB})` : "");
  return [
    "\nMemory in MiB: rss, and in brackets pss, which counts shared pages once",
    columns([["", "before", "after"], ...names.map((name) => [name, cell(before[name]), cell(after[name])])]),
  ];
};

const profile = ({ profile: found }: Report): string[] => {
  if (found === undefined) return [];
  const { totals, statements, journal, functions, packages } = found;
  const code = (rows: typeof functions) =>
    columns([
      ["ms", "%", "where"],
      ...rows.map(({ at, msPerOrder, percent }) => [msPerOrder.toFixed(2), percent.toFixed(1), at]),
    ]);
  return [
    `\nFor one path: ${totals.statementsPerOrder} statements, ${totals.transactionsPerOrder} transactions of several; ${totals.planMsPerOrder} ms of planning and ${totals.runMsPerOrder} ms of running them`,
    columns([
      ["ms", "calls", "statement"],
      ...statements.map(({ query, callsPerOrder, msPerOrder }) => [
        msPerOrder.toFixed(3),
        callsPerOrder.toFixed(2),
        query,
      ]),
    ]),
    "\nFor one path: journal entries",
    columns([
      ["entries", "runs", "handler"],
      ...journal.map(({ handler, perOrder, entriesPerOrder }) => [
        entriesPerOrder.toFixed(1),
        perOrder.toFixed(2),
        handler,
      ]),
    ]),
    "\nFor one path: the product's own time, by whose code it is",
    code(packages),
    "\nFor one path: the product's own time, by function",
    code(functions),
  ];
};
