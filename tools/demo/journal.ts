/** What Restate itself knows of a checkout, asked of its admin SQL. */
import { setTimeout as sleep } from "node:timers/promises";
import { SECOND_MS } from "@shopnexus/contracts/kit/time";
import { z } from "zod";
import { type StepTime, stepTimes } from "./steps.ts";

const OVER_WITHIN_MS = 20 * SECOND_MS;
const ASK_EVERY_MS = 20;

/** Waits until the run of this checkout is over, also its last words after the orders are placed; gives its steps. */
export const stepsOf = async (adminUrl: string, checkoutId: string): Promise<StepTime[]> => {
  const target = `Checkout/${checkoutId}/run`;
  const deadlineMs = performance.now() + OVER_WITHIN_MS;
  for (;;) {
    const [run] = await query(
      adminUrl,
      `select id, status from sys_invocation where target = '${target}'`,
      Run,
    );
    if (run?.status === "completed") {
      const columns = `"index", entry_type, name, entry_lite_json, appended_at`;
      const sql = `select ${columns} from sys_journal where id = '${run.id}' order by "index"`;
      return stepTimes(await query(adminUrl, sql, Entry));
    }
    if (performance.now() > deadlineMs)
      throw new Error(`${target} is not over: ${run?.status ?? "Restate does not know it"}`);
    await sleep(ASK_EVERY_MS);
  }
};

const Run = z.object({ id: z.string(), status: z.string() });
const Entry = z.object({
  entry_type: z.string(),
  name: z.string().optional(),
  entry_lite_json: z.string(),
  appended_at: z.string(),
});

const query = async <T>(adminUrl: string, sql: string, row: z.ZodType<T>): Promise<T[]> => {
  const response = await fetch(`${adminUrl}/query`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ query: sql }),
  });
  if (!response.ok)
    throw new Error(`Restate answered ${response.status} to ${sql}: ${await response.text()}`);
  return z.object({ rows: z.array(row) }).parse(await response.json()).rows;
};
