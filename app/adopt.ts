/**
 * `node app/adopt.ts http://127.0.0.1:9070 [--json]`, with the address of Restate's admin API: moves what was begun at
 * a deployment that has been replaced. Restate pins an invocation to the deployment that began it, so a checkout that
 * waits for its payment waits for a process that may never come back. The order of a change of topology:
 *
 *     1. start the new processes     SERVICES=order … node app/main.ts; they register themselves
 *     2. stop the old ones           SIGTERM: what runs is drained, what waits stays
 *     3. adopt                       prints what it moved; run again, it moves nothing
 *
 * It is for versions whose journals have the same shape, such as the same code in another topology. A version whose
 * handlers take other steps must drain instead. What was paused goes on as well. Exits with 1 when something could
 * not be moved, and says what.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { SECOND_MS } from "@shopnexus/contracts/kit/time";
import { z } from "zod";
import { restateSql } from "./restate-sql.ts";

/** Pinned to another deployment than the one that serves its component now. Nothing is pinned that never began. */
const STRANDED = `
  select i.id, i.target, i.status, i.pinned_deployment_id as "from", s.deployment_id as "to"
  from sys_invocation i join sys_service s on s.name = i.target_service_name
  where i.status <> 'completed' and i.pinned_deployment_id <> s.deployment_id`;

const Stranded = z.object({
  id: z.string(),
  target: z.string(),
  status: z.string(),
  from: z.string(),
  to: z.string(),
});
type Stranded = z.infer<typeof Stranded>;

export type Adopted = {
  readonly moved: ReadonlyArray<Pick<Stranded, "id" | "target" | "from" | "to">>;
  readonly left: ReadonlyArray<{ readonly id: string; readonly target: string; readonly reason: string }>;
};

/** Moves everything that is stranded. What ends meanwhile needs no moving. */
export const adopt = async (adminUrl: string): Promise<Adopted> => {
  const moved: Array<Adopted["moved"][number]> = [];
  const left: Array<Adopted["left"][number]> = [];
  for (const { id, target, from, to } of await stranded(adminUrl)) {
    const reason = await move(adminUrl, id, to);
    if (reason === undefined) moved.push({ id, target, from, to });
    else left.push({ id, target, reason });
  }
  return { moved, left };
};

const stranded = async (adminUrl: string, id?: string): Promise<Stranded[]> =>
  z
    .array(Stranded)
    .parse(await restateSql(adminUrl, id === undefined ? STRANDED : `${STRANDED} and i.id = '${id}'`));

/** An attempt that is being made has this long to stop for the pause. */
const MOVE_WAIT_MS = 30 * SECOND_MS;
const RETRY_MS = 100;

/** Only what rests can be given another deployment. Gives the reason if it could not be moved. */
const move = async (adminUrl: string, id: string, to: string): Promise<string | undefined> => {
  const deadlineMs = Date.now() + MOVE_WAIT_MS;
  for (;;) {
    const [invocation] = await stranded(adminUrl, id);
    if (invocation === undefined) return undefined;
    const isResting = invocation.status === "paused" || invocation.status === "suspended";
    const answer = isResting
      ? await patch(`${adminUrl}/invocations/${id}/resume?deployment=${to}`)
      : await patch(`${adminUrl}/invocations/${id}/pause`);
    if (Date.now() > deadlineMs) return `still ${invocation.status}: ${answer}`;
    await sleep(RETRY_MS);
  }
};

/** A refusal is no failure yet: the invocation may have moved on between the look and the request. */
const patch = async (url: string): Promise<string> => {
  const response = await fetch(url, { method: "PATCH" });
  return `${response.status} ${await response.text()}`.trim();
};

const told = ({ moved, left }: Adopted): string =>
  [
    ...moved.map(({ id, target, from, to }) => `moved  ${target}  ${id}  ${from} -> ${to}`),
    ...left.map(({ id, target, reason }) => `LEFT   ${target}  ${id}  ${reason}`),
    `${moved.length} moved, ${left.length} left.`,
  ].join("\n");

const main = async (words: readonly string[]): Promise<void> => {
  const adminUrl = words.find((word) => !word.startsWith("--")) ?? "";
  if (!URL.canParse(adminUrl)) {
    console.error("Say where Restate's admin API is: node app/adopt.ts http://127.0.0.1:9070");
    process.exitCode = 2;
    return;
  }
  const adopted = await adopt(adminUrl.replace(/\/$/, ""));
  console.log(words.includes("--json") ? JSON.stringify(adopted) : told(adopted));
  if (adopted.left.length > 0) process.exitCode = 1;
};

if (import.meta.main) await main(process.argv.slice(2));
