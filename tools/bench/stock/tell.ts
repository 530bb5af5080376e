/** The report of the stock bench, for people. */
import { columns } from "#tools/start/columns.ts";
import type { Goal, Row } from "./rules.ts";
import type { StockReport } from "./stock.ts";
import { SAYS } from "./ways.ts";

const HEAD = ["", "buyers", "a second", "p50 ms", "p99 ms", "transactions a second", "oversold", "times (a)"];

export const tellStock = ({ machine, seconds, rows, goals, isOk }: StockReport): string =>
  [
    `${machine.cores} cores, ${machine.model}, Node ${machine.node}; ${seconds} s a case`,
    ...[1, 10_000].flatMap((skus) => [
      skus === 1 ? "\nOne hot SKU" : `\n${skus} SKUs, one of them at random`,
      columns([HEAD, ...rows.filter((row) => row.skus === skus).map(cellsOf)]),
    ]),
    "",
    ...goals.map(sentenceOf),
    ...rows.flatMap((row) =>
      row.broken.map((what) => `BROKEN: ${SAYS[row.way]}, ${row.buyers} buyers: ${what}`),
    ),
    isOk
      ? "Nothing is oversold, and every level is the sum of its movements and holds."
      : "FAILED: see what is oversold or broken above.",
  ].join("\n");

const cellsOf = (row: Row): string[] => [
  SAYS[row.way],
  String(row.buyers),
  row.perSecond.toFixed(0),
  row.p50Ms.toFixed(1),
  row.p99Ms.toFixed(1),
  row.transactionsPerSecond.toFixed(0),
  String(row.oversold),
  row.ratioToForUpdate === null ? "" : row.ratioToForUpdate.toFixed(2),
];

const sentenceOf = ({ says, wanted, got, isReached }: Goal): string => {
  if (got === null) return `  ${says}: not measured`;
  return `  ${says}: ${got.toFixed(2)} times, ${isReached ? `reaches ${wanted}` : `FALLS SHORT of ${wanted}`}`;
};
