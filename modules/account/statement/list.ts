import { and, desc, eq, getTableColumns, lt } from "drizzle-orm";
import { unionAll } from "drizzle-orm/pg-core";
import type { Statement } from "@shopnexus/contracts/account/statement";
import { cutPage, PAGE_LIMIT } from "@shopnexus/contracts/kit/page";
import { CommonRefusals, refuse } from "@shopnexus/contracts/kit/refusal";
import type { Db } from "#db/_kit/database.ts";
import { entry, statementLine } from "#db/account/ledger.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { partsOf, positionOf, type Told, toLine } from "./rules.ts";

export const list: Step<typeof Statement, "list"> = async ({ after, limit = PAGE_LIMIT }, { who, db }) => {
  const before = after === undefined ? Number.MAX_SAFE_INTEGER : positionOf(after);
  if (before === undefined) throw refuse(CommonRefusals.INVALID_INPUT, { issues: [NOT_OURS] });
  const told = await selectTold(db, accountOf(who).accountId, { before, limit: limit + 1 });
  const { items, ...rest } = cutPage(told, limit, ({ position }) => String(position));
  return { items: items.map(toLine), ...rest };
};

const NOT_OURS = { path: "/after", says: "it is not the `next` of a page" };

type Place = { readonly before: number; readonly limit: number };

/** Newest first. As much of each part as a page can hold, by `statement_line_position_twice`, and of these the newest. */
const selectTold = (db: Db, accountId: string, { before, limit }: Place): Promise<Told[]> => {
  const of = (account: string) =>
    db
      .select({ ...getTableColumns(statementLine), ...TITLE })
      .from(statementLine)
      .innerJoin(entry, eq(entry.entryId, statementLine.entryId))
      .where(and(eq(statementLine.account, account), lt(statementLine.position, before)))
      .orderBy(desc(statementLine.position))
      .limit(limit);
  const [available, held] = partsOf(accountId);
  return unionAll(of(available), of(held)).orderBy(desc(statementLine.position)).limit(limit);
};

const TITLE = { postedAt: entry.postedAt, kind: entry.kind, reference: entry.reference };
