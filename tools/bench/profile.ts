/** Where the time goes: statements by time, journal entries by handler, functions by CPU; each for one order. */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { restateSql } from "#app/restate-sql.ts";
import { projectRoot } from "#tools/dev/stack.ts";
import type { CpuProfile } from "./inspector.ts";
import { round } from "./rules.ts";
import type { BenchShop } from "./world.ts";

export type Profile = {
  totals: {
    statementsPerOrder: number;
    transactionsPerOrder: number;
    planMsPerOrder: number;
    runMsPerOrder: number;
  };
  statements: Array<{ query: string; callsPerOrder: number; msPerOrder: number }>;
  journal: Array<{ handler: string; perOrder: number; entriesPerOrder: number }>;
  functions: Array<{ at: string; msPerOrder: number; percent: number }>;
  packages: Array<{ at: string; msPerOrder: number; percent: number }>;
};

const SHOWN = 15;

export const forgetStatements = async ({ databaseUrl }: BenchShop): Promise<void> => {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  await sql`create extension if not exists pg_stat_statements`;
  await sql`select pg_stat_statements_reset()`;
  await sql.end();
};

type Counted = { query: string; calls: number; planMs: number; runMs: number };

/** The statements of this shop's database since they were forgotten. */
export const statementsOf = async (
  { databaseUrl }: BenchShop,
  orders: number,
): Promise<Pick<Profile, "totals" | "statements">> => {
  const sql = postgres(databaseUrl, { max: 1 });
  const rows = await sql<Counted[]>`
    select query, calls::float8 as calls, total_plan_time as "planMs", total_exec_time as "runMs"
    from pg_stat_statements s join pg_database d on d.oid = s.dbid where d.datname = current_database()
    order by total_plan_time + total_exec_time desc`;
  await sql.end();
  const total = (of: (row: Counted) => number) => rows.reduce((sum, row) => sum + of(row), 0) / orders;
  return {
    totals: {
      statementsPerOrder: round(total(({ calls }) => calls)),
      transactionsPerOrder: round(total(({ query, calls }) => (/^begin/i.test(query) ? calls : 0))),
      planMsPerOrder: round(total(({ planMs }) => planMs)),
      runMsPerOrder: round(total(({ runMs }) => runMs)),
    },
    statements: rows.slice(0, SHOWN).map(({ query, calls, planMs, runMs }) => ({
      query: query.replaceAll(/\s+/g, " ").slice(0, 160),
      callsPerOrder: round(calls / orders, 2),
      msPerOrder: round((planMs + runMs) / orders, 3),
    })),
  };
};

/** Journal entries of what began since then. */
export const journalOf = async (
  adminUrl: string,
  sinceMs: number,
  orders: number,
): Promise<Profile["journal"]> => {
  const query = `select i.target_service_name as service, i.target_handler_name as handler,
    count(distinct i.id) as runs, count(*) as entries
    from sys_invocation i join sys_journal j on j.id = i.id
    where i.created_at >= to_timestamp_millis(${sinceMs}) group by 1, 2 order by 4 desc limit ${SHOWN}`;
  type Row = { service: string; handler: string; runs: number; entries: number };
  const rows = await restateSql<Row>(adminUrl, query);
  return rows.map(({ service, handler, runs, entries }) => ({
    handler: `${service}/${handler}`,
    perOrder: round(runs / orders, 2),
    entriesPerOrder: round(entries / orders, 2),
  }));
};

/** The product's own time, by the function that ran and by whose code it is. Sampled by the clock: waiting for a core counts. */
export const functionsOf = (
  { nodes, samples, timeDeltas }: CpuProfile,
  orders: number,
): Pick<Profile, "functions" | "packages"> => {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const [functions, packages] = [new Map<string, number>(), new Map<string, number>()];
  const add = (to: Map<string, number>, at: string, us: number) => to.set(at, (to.get(at) ?? 0) + us);
  for (const [at, id] of samples.entries()) {
    const { functionName = "", url = "", lineNumber = 0 } = frames.get(id) ?? {};
    if (functionName === "(idle)") continue;
    const us = timeDeltas[at] ?? 0;
    const file = url.startsWith("file:") ? relative(projectRoot, fileURLToPath(url)) : url;
    add(functions, `${functionName || "(anonymous)"} ${file}:${lineNumber + 1}`, us);
    add(packages, ownerOf(file) || functionName, us);
  }
  return { functions: top(functions, orders), packages: top(packages, orders) };
};

/** A package, a room of ours, a part of Node, or nothing for native code. */
const ownerOf = (file: string): string =>
  /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ??
  (file.startsWith("node:") ? file : file.split("/").slice(0, 2).join("/"));

const top = (spent: Map<string, number>, orders: number): Profile["functions"] => {
  const total = [...spent.values()].reduce((sum, us) => sum + us, 0);
  return [...spent]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, SHOWN * 2)
    .map(([at, us]) => ({
      at,
      msPerOrder: round(us / 1_000 / orders, 3),
      percent: round((us * 100) / total),
    }));
};
