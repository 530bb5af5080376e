/** Where the time goes: statements by time, journal entries by handler, functions by CPU; each for one order. */
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { projectRoot } from "#tools/dev/stack.ts";
import { round } from "./rules.ts";
import { type BenchShop, PROFILE_DIR } from "./world.ts";

export type Profile = {
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

/** The statements of this shop's database since they were forgotten. */
export const statementsOf = async (
  { databaseUrl }: BenchShop,
  orders: number,
): Promise<Profile["statements"]> => {
  const sql = postgres(databaseUrl, { max: 1 });
  const rows = await sql<{ query: string; calls: number; ms: number }[]>`
    select query, calls::float8 as calls, total_exec_time as ms from pg_stat_statements s
    join pg_database d on d.oid = s.dbid where d.datname = current_database()
    order by total_exec_time desc limit ${SHOWN}`;
  await sql.end();
  return rows.map(({ query, calls, ms }) => ({
    query: query.replaceAll(/\s+/g, " ").slice(0, 160),
    callsPerOrder: round(calls / orders, 2),
    msPerOrder: round(ms / orders, 3),
  }));
};

export const journalOf = async (adminUrl: string, orders: number): Promise<Profile["journal"]> => {
  const query = `select i.target_service_name as service, i.target_handler_name as handler,
    count(distinct i.id) as runs, count(*) as entries
    from sys_invocation i join sys_journal j on j.id = i.id group by 1, 2 order by 4 desc limit ${SHOWN}`;
  const response = await fetch(`${adminUrl}/query`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ query }),
  });
  type Row = { service: string; handler: string; runs: number; entries: number };
  const { rows } = (await response.json()) as { rows: Row[] };
  return rows.map(({ service, handler, runs, entries }) => ({
    handler: `${service}/${handler}`,
    perOrder: round(runs / orders, 2),
    entriesPerOrder: round(entries / orders, 2),
  }));
};

type Node = { id: number; callFrame: { functionName: string; url: string; lineNumber: number } };
type CpuProfile = { nodes: Node[]; samples: number[]; timeDeltas: number[] };

/** The product's own CPU, by the function that ran and by whose code it is. The whole life of the process counts. */
export const functionsOf = (name: string, orders: number): Pick<Profile, "functions" | "packages"> => {
  const { nodes, samples, timeDeltas } = JSON.parse(
    readFileSync(join(PROFILE_DIR, `${name}.cpuprofile`), "utf8"),
  ) as CpuProfile;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const [functions, packages] = [new Map<string, number>(), new Map<string, number>()];
  const add = (to: Map<string, number>, at: string, us: number) => to.set(at, (to.get(at) ?? 0) + us);
  for (const [at, id] of samples.entries()) {
    const { functionName, url, lineNumber } = (byId.get(id) as Node).callFrame;
    if (functionName === "(idle)") continue;
    const file = url.startsWith("file:") ? relative(projectRoot, fileURLToPath(url)) : url;
    add(functions, `${functionName || "(anonymous)"} ${file}:${lineNumber + 1}`, timeDeltas[at] ?? 0);
    add(
      packages,
      /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? (file || functionName),
      timeDeltas[at] ?? 0,
    );
  }
  return { functions: top(functions, orders), packages: top(packages, orders) };
};

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
