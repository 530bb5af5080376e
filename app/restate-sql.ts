/** What Restate knows of invocations and journals, asked of its admin API in SQL: sys_invocation, sys_journal, sys_service. */
import { z } from "zod";

const Answer = z.object({ rows: z.array(z.unknown()) });

/** Gives rows as the statement names their columns; the caller answers for T. An answer other than rows is an Error. */
export const restateSql = async <T = Record<string, unknown>>(
  adminUrl: string,
  query: string,
): Promise<T[]> => {
  const response = await fetch(`${adminUrl}/query`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ query }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`Restate answered ${response.status} to ${query}: ${text}`);
  return Answer.parse(JSON.parse(text)).rows as T[];
};
