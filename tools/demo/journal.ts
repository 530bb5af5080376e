/** What Restate itself knows of a checkout, asked of its admin SQL. */
import { setTimeout as sleep } from "node:timers/promises";
import { SECOND_MS } from "@shopnexus/contracts/kit/time";
import { z } from "zod";
import { restateSql } from "#app/restate-sql.ts";
import { type StepTime, stepTimes } from "./steps.ts";

const OVER_WITHIN_MS = 20 * SECOND_MS;
const ASK_EVERY_MS = 20;

/** Waits until the run of this checkout is over, also its last words after the orders are placed; gives its steps. */
export const stepsOf = async (adminUrl: string, checkoutId: string): Promise<StepTime[]> => {
  const target = `Checkout/${checkoutId}/run`;
  const deadlineMs = performance.now() + OVER_WITHIN_MS;
  for (;;) {
    const found = `select id, status from sys_invocation where target = '${target}'`;
    const [run] = z.array(Run).parse(await restateSql(adminUrl, found));
    if (run?.status === "completed") {
      const columns = `"index", entry_type, name, entry_lite_json, appended_at`;
      const sql = `select ${columns} from sys_journal where id = '${run.id}' order by "index"`;
      return stepTimes(z.array(Entry).parse(await restateSql(adminUrl, sql)));
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
