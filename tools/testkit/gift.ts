/** Money out of nowhere, for a test: the rows that a posting would have left, in any topology. */
import type { Sql } from "postgres";
import { freshId } from "@shopnexus/contracts/kit/id";
import type { Money } from "@shopnexus/contracts/kit/money";

/** Puts money into a wallet that was never used, out of what the platform calls its losses. */
export const gift = async (sql: Sql, accountId: string, { minor, currency }: Money): Promise<void> => {
  const [entryId, wallet] = [freshId("ent"), `wallet:${accountId}`];
  await sql.begin(async (tx) => {
    await tx`insert into account.entry (entry_id, entry_key, reference, kind, line_count, body_hash)
      values (${entryId}, ${`${entryId}/gift`}, ${accountId}, 'adjustment', 2, ${"0".repeat(64)})`;
    await tx`insert into account.entry_line (entry_id, position, account, currency, minor)
      values (${entryId}, 0, 'platform:losses', ${currency}, ${-minor}), (${entryId}, 1, ${wallet}, ${currency}, ${minor})`;
    await tx`insert into account.balance (account, currency, minor) values (${wallet}, ${currency}, ${minor})`;
    await tx`insert into account.statement_line (account, currency, entry_id, minor, balance_after)
      values (${wallet}, ${currency}, ${entryId}, ${minor}, ${minor})`;
  });
};
