/** Decisions about statements. */
import type { z } from "zod";
import type { Funds, StatementLine } from "@shopnexus/contracts/account/statement";
import { money, sum } from "@shopnexus/contracts/kit/money";
import { instant } from "@shopnexus/contracts/kit/time";
import type { balance, entry, statementLine } from "#db/account/ledger.ts";

/** The two parts of an account, as the ledger names them. */
export const partsOf = (accountId: string): [available: string, held: string] => [
  `wallet:${accountId}`,
  `held:${accountId}`,
];

const partOf = (account: string) => (account.startsWith("held:") ? "held" : "available");

/** One amount a currency, in the order in which the rows first name one. */
export const fundsOf = (rows: readonly (typeof balance.$inferSelect)[]): z.infer<typeof Funds>[] =>
  [...Map.groupBy(rows, ({ currency }) => currency)].map(([currency, own]) => {
    const of = (part: "available" | "held") =>
      sum(
        own.filter(({ account }) => partOf(account) === part).map(({ minor }) => money(minor, currency)),
        currency,
      );
    return { available: of("available"), held: of("held") };
  });

export type Told = typeof statementLine.$inferSelect &
  Pick<typeof entry.$inferSelect, "postedAt" | "kind" | "reference">;

export const toLine = (told: Told): z.infer<typeof StatementLine> => {
  const { position: _position, account, postedAt, ...said } = told;
  return { ...said, at: instant(postedAt.getTime()), part: partOf(account) };
};

/** The position that a cursor names; undefined when it is not the `next` of a page. */
export const positionOf = (after: string): number | undefined => {
  const position = /^[1-9][0-9]{0,15}$/.test(after) ? Number(after) : undefined;
  return Number.isSafeInteger(position) ? position : undefined;
};
