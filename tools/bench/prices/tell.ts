/** The report of the price bench, for people. */
import { columns } from "#tools/start/columns.ts";
import type { PriceReport } from "./prices.ts";
import { P99_MS_MAX, type PriceRow } from "./rules.ts";

const HEAD = ["", "running", "aimed at the basket", "applied", "p50 ms", "p99 ms", "CPU p50", "CPU p99", ""];
const SAYS = { engine: "all but its SQL", whole: "Quote/price" } as const;

export const tellPrices = ({ machine, lines, judgedBy, rows, isOk }: PriceReport): string =>
  [
    `${machine.cores} cores, ${machine.model}, Node ${machine.node}; a basket of ${lines} lines`,
    "",
    columns([HEAD, ...rows.map(cellsOf)]),
    "",
    "A basket looks at the first 200 that are aimed at it, and takes 20.",
    "CPU: what this process and its connection's Postgres had of it for one price, in ms.",
    judgedBy === "wall" ? "Judged by p99." : "Judged by CPU p99: others keep this machine busy.",
    isOk
      ? `Every price that is promised within ${P99_MS_MAX} ms is.`
      : `FAILED: ${P99_MS_MAX} ms and more, see above.`,
  ].join("\n");

const cellsOf = ({ what, isWithin, ...row }: PriceRow): string[] => [
  SAYS[what],
  ...[row.running, row.matching, row.applied].map(String),
  ...[row.p50Ms, row.p99Ms, row.cpuP50Ms, row.cpuP99Ms].map((ms) => ms.toFixed(2)),
  isWithin === null ? "" : isWithin ? `under ${P99_MS_MAX}` : `NOT UNDER ${P99_MS_MAX}`,
];
