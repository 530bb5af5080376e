/** What an operator does in Restate's console. */
import { restateSql } from "#app/restate-sql.ts";

/** Cancels the invocation of a target, like `Checkout/chk_…/run`. */
export const cancelRun = async (adminUrl: string, target: string): Promise<void> => {
  const [found] = await restateSql<{ id: string }>(
    adminUrl,
    `select id from sys_invocation where target = '${target}'`,
  );
  await fetch(`${adminUrl}/invocations/${found?.id}/cancel`, { method: "PATCH" });
};

/** What is not over, by what it waits for: why a test that waits in vain does. */
export const pendingRuns = async (adminUrl: string): Promise<string> =>
  JSON.stringify(
    await restateSql(
      adminUrl,
      `select target_service_name || '/' || target_handler_name as what, status, max(retry_count) as tries,
        max(last_failure) as failure, max(next_retry_at) as "nextRetryAt", count(*) as n
      from sys_invocation where status <> 'completed' group by 1, 2`,
    ),
  );
