/** A demonstration in words. */
import { columns } from "#tools/start/columns.ts";
import type { Demonstration, KillStory } from "./run.ts";
import { amount } from "./words.ts";

export const tell = ({ result, timeline, ms, wrongs }: Demonstration): string => {
  const { checkoutId, orders, payment, ledger, stock, steps, kill } = result;
  const rows = orders.flatMap(({ orderId, lines, currency }) =>
    lines.map(({ pieces, title, totalMinor }) => [
      orderId,
      `${pieces} x ${title}`,
      amount({ minor: totalMinor, currency }),
    ]),
  );
  return [
    ...(kill === undefined ? [] : [tellKill(kill), ""]),
    `Checkout ${checkoutId} became ${orders.length} orders in ${ms} ms, carriage included:`,
    columns(rows),
    `\nPayment: ${payment === null ? "none" : `${amount(payment.amount)}, ${payment.state}`}`,
    "\nLedger:",
    columns(ledger.flatMap(({ kind, lines }) => lines.map((line) => [kind, line.account, amount(line)]))),
    "\nStock, before and after:",
    columns(
      stock.before.map((before, at) => {
        const after = stock.after[at] ?? before;
        return [
          before.skuId,
          `available ${before.available} -> ${after.available}`,
          `sold ${before.sold} -> ${after.sold}`,
        ];
      }),
    ),
    "\nTimeline:",
    timeline,
    "\nSteps, from Restate's journal:",
    columns(steps.map(({ name, ms }) => [name, `${ms} ms`])),
    "",
    wrongs.length === 0 ? "All of it adds up." : `Wrong:\n${wrongs.map((wrong) => `  ${wrong}`).join("\n")}`,
  ].join("\n");
};

const tellKill = ({ part, pidsBefore, pidsAfter, stateBefore, stateAfter, ...times }: KillStory): string =>
  [
    `While the checkout was ${stateBefore}, ${part} (process ${pidsBefore.join(", ")}) was killed with SIGKILL.`,
    `It was gone after ${times.killMs} ms and served again ${times.restartMs} ms later (process ${pidsAfter.join(", ")}).`,
    `The same checkout was ${stateAfter} after that; paid, it finished in ${times.finishMs} ms.`,
  ].join("\n");
