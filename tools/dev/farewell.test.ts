import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { findProcess } from "./process.ts";
import { projectRoot, startStack } from "./stack.ts";

let dir: string;

beforeAll(() => {
  // These tests are about servers of our own.
  for (const name of ["DATABASE_URL", "REDIS_URL", "RESTATE_INGRESS_URL", "RESTATE_ADMIN_URL"])
    vi.stubEnv(name, undefined);
  mkdirSync(join(projectRoot, ".shopnexus"), { recursive: true });
  dir = mkdtempSync(join(projectRoot, ".shopnexus", "farewell-test-"));
});

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(dir, { recursive: true, force: true });
});

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  test(`farewell: ${signal} takes the servers down first, and then ends the program as that signal does`, async () => {
    const { program, pids } = await startProgram("hold");
    program.kill(signal);
    const [, name] = await once(program, "exit");
    expect(name).toBe(signal);
    expect(alive(pids)).toEqual([]);
  });
}

test("farewell: a program that exits or throws leaves nothing running and keeps its exit code", async () => {
  for (const [then, code] of [
    ["exit", 7],
    ["throw", 1],
  ] as const) {
    const { program, pids } = await startProgram(then);
    const [exitCode] = await once(program, "exit");
    expect(exitCode).toBe(code);
    expect(alive(pids)).toEqual([]);
  }
});

test("startStack: a folder in use is refused, and the refusal names the process", async () => {
  const { program } = await startProgram("hold");
  await expect(startStack({ dir })).rejects.toThrow(`process ${program.pid} has a stack running in it`);
  program.kill("SIGTERM");
  await once(program, "exit");
});

test("startStack: after its owner was killed the folder is taken over, with its data", async () => {
  const { program, pids } = await startProgram("hold");
  program.kill("SIGKILL");
  await once(program, "exit");
  const stack = await startStack({ dir });
  try {
    expect(alive(pids)).toEqual([]);
    const sql = postgres(stack.postgresUrl, { max: 1 });
    expect([...(await sql`select 1 as one`)]).toEqual([{ one: 1 }]);
    await sql.end();
  } finally {
    await stack.stop();
  }
});

test("startStack: ends a server left over from a killed run, but never a stranger that got its pid", async () => {
  const [orphan, stranger] = [spawn("sleep", ["60"]), spawn("sleep", ["60"])];
  const record = {
    pid: orphan.pid,
    startedAt: findProcess(orphan.pid ?? 0)?.startedAt,
    quitSignal: "SIGTERM",
  };
  writeFileSync(join(dir, "run", "left.json"), JSON.stringify(record));
  writeFileSync(
    join(dir, "run", "reused.json"),
    JSON.stringify({ ...record, pid: stranger.pid, startedAt: "before" }),
  );
  const lines: string[] = [];
  const stack = await startStack({ dir, parts: ["redis"], progress: (line) => lines.push(line) });
  await stack.stop();
  expect(alive([orphan.pid, stranger.pid])).toEqual([stranger.pid]);
  expect(lines.join()).toContain(`ending process ${orphan.pid}, left over from a run that was killed`);
  stranger.kill("SIGKILL");
});

test("startStack: Postgres starts although its lock file names a pid that somebody else has now", async () => {
  const stranger = spawn("sleep", ["60"]);
  const first = await startStack({ dir, parts: ["postgres"] });
  const lock = join(dir, "postgres", "data", "postmaster.pid");
  const text = readFileSync(lock, "utf8");
  await first.stop();
  writeFileSync(lock, text.replace(/^\d+/, String(stranger.pid)));
  const second = await startStack({ dir, parts: ["postgres"] });
  expect(second.pids.postgres).not.toBe(stranger.pid);
  await second.stop();
  stranger.kill("SIGKILL");
});

type Program = { program: ChildProcess; pids: (number | undefined)[] };

async function startProgram(then: "hold" | "exit" | "throw"): Promise<Program> {
  const endings = {
    hold: "setInterval(() => {}, 60_000)",
    exit: "process.exit(7)",
    throw: 'throw new Error("as asked")',
  };
  const text = `import { startStack } from ${JSON.stringify(join(import.meta.dirname, "stack.ts"))};
    const stack = await startStack({ dir: ${JSON.stringify(dir)} });
    console.log(JSON.stringify(stack.pids));
    ${endings[then]};`;
  const program = spawn(process.execPath, ["--input-type=module", "-e", text], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const failed = once(program, "exit").then(() =>
    Promise.reject(new Error("the program ended without a stack")),
  );
  const [line] = await Promise.race([once(createInterface({ input: program.stdout }), "line"), failed]);
  failed.catch(() => {}); // It will end some time: that is for the test to look at.
  return { program, pids: Object.values(JSON.parse(String(line)) as Record<string, number>) };
}

function alive(pids: (number | undefined)[]): (number | undefined)[] {
  return pids.filter((pid) => pid !== undefined && findProcess(pid) !== undefined);
}
