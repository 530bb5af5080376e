/** What a process loads, and how it refuses to start: seen from outside, as whoever deploys it sees it. */
import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { freePorts, projectRoot } from "#tools/dev/stack.ts";
import { loadBoards, MODULE_NAMES } from "./modules.ts";

/** Says every file that Node loads on its error stream. */
const RECORDER = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from "node:module";
  import { writeSync } from "node:fs";
  registerHooks({ load: (url, context, next) => { writeSync(2, "loaded " + url + "\\n"); return next(url, context); } });
`)}`;

/** All that a start needs, at addresses where nobody answers: nothing is connected before it is needed. */
const NOWHERE = "http://127.0.0.1:1";
const environment = {
  DATABASE_URL: "postgres://nobody@127.0.0.1:1/nothing",
  RESTATE_INGRESS_URL: NOWHERE,
  RESTATE_ADMIN_URL: NOWHERE,
  AUTH_PRIVATE_JWK: JSON.stringify(generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" })),
  REGISTER: "off",
  LOG_LEVEL: "silent",
};
type Changes = Readonly<Record<string, string | undefined>>;

const start = (changes: Changes): ChildProcess & { said(): string } => {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, ...environment, ...changes };
  const child = spawn(process.execPath, ["--import", RECORDER, "app/main.ts"], { cwd: projectRoot, env });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  return Object.assign(child, { said: () => said });
};

/** How a start that cannot succeed ends. */
const ending = async (
  changes: Changes,
): Promise<{ code: number | null; says: string[]; loaded: string[] }> => {
  const child = start(changes);
  const [code] = (await once(child, "close")) as [number | null];
  const lines = child
    .said()
    .split("\n")
    .filter((line) => line !== "");
  return { code, says: lines.filter((line) => !line.startsWith("loaded ")), loaded: ourFiles(child.said()) };
};

const ourFiles = (said: string): string[] =>
  [...said.matchAll(/^loaded file:\/\/(.*)$/gm)]
    .map(([, path = ""]) => path)
    .filter((path) => path.startsWith(projectRoot))
    .map((path) => path.slice(projectRoot.length + 1))
    .filter((path) => !path.startsWith("node_modules/"));

/** The files that a process with these SERVICES has loaded once its edge answers. */
const loadedBy = async (
  services: string,
): Promise<{ health: number; ready: number; files: string[]; code: number | null }> => {
  const [endpointPort, edgePort] = await freePorts(2);
  const child = start({
    SERVICES: services,
    ENDPOINT_PORT: String(endpointPort),
    EDGE_PORT: String(edgePort),
  });
  const edge = `http://127.0.0.1:${edgePort}`;
  while (child.exitCode === null && (await statusOf(`${edge}/health`)) === undefined) await sleep(25);
  const [health = 0, ready = 0] = [await statusOf(`${edge}/health`), await statusOf(`${edge}/ready`)];
  const closed = once(child, "close");
  child.kill("SIGTERM");
  const [code] = (await closed) as [number | null];
  return { health, ready, files: ourFiles(child.said()), code };
};

const statusOf = async (url: string): Promise<number | undefined> =>
  fetch(url).then(
    ({ status }) => status,
    () => undefined,
  );

describe("SERVICES", () => {
  test("SERVICES=order loads order's files, and not one of any other module or of its tables", async () => {
    const { health, files } = await loadedBy("order");
    expect(health).toBe(200);
    expect(files).toEqual(
      expect.arrayContaining([
        "modules/order/index.ts",
        "modules/order/checkout/run.ts",
        "db/order/tables.ts",
      ]),
    );
    const rooms = new Set(files.flatMap((path) => /^(?:modules|db)\/([^/]+)\//.exec(path)?.[1] ?? []));
    expect(rooms).toEqual(new Set(["_kit", "order"]));
  });

  test("SERVICES=inventory,promotion loads those two", async () => {
    const { files } = await loadedBy("inventory,promotion");
    const rooms = new Set(files.flatMap((path) => /^modules\/([^/]+)\//.exec(path)?.[1] ?? []));
    expect(rooms).toEqual(new Set(["_kit", "inventory", "promotion"]));
  });

  test("SERVICES=* loads all of them", async () => {
    const { files } = await loadedBy("*");
    const rooms = new Set(files.flatMap((path) => /^modules\/([^/]+)\//.exec(path)?.[1] ?? []));
    expect(rooms).toEqual(new Set(["_kit", ...MODULE_NAMES]));
  });

  test("a process is up, but not ready, while its database cannot be reached; asked to leave it leaves with 0", async () => {
    const { health, ready, code } = await loadedBy("order");
    expect({ health, ready, code }).toEqual({ health: 200, ready: 503, code: 0 });
  });

  test("every module's board bears the name that SERVICES knows it by, and no component is on two boards", async () => {
    const boards = await loadBoards(MODULE_NAMES);
    expect(boards.map(({ module }) => module)).toEqual(MODULE_NAMES);
    const components = boards.flatMap(({ components: bound }) => bound.map(({ contract }) => contract.name));
    expect(new Set(components).size).toBe(components.length);
  });
});

describe("a start that cannot succeed", () => {
  test("SERVICES=orders: exit 2, one line that names it and lists the known modules; no module was loaded", async () => {
    const { code, says, loaded } = await ending({ SERVICES: "orders" });
    expect(code).toBe(2);
    expect(says).toEqual([`SERVICES names no module: orders. The modules are ${MODULE_NAMES.join(", ")}.`]);
    expect(loaded).toContain("app/main.ts");
    expect(loaded.filter((path) => /^modules\/(?!_kit)/.test(path))).toEqual([]);
  });

  test("DATABASE_URL missing: exit 2, one line that names it", async () => {
    expect(await ending({ DATABASE_URL: undefined })).toMatchObject({
      code: 2,
      says: ["DATABASE_URL is missing; .env.example says what it is for."],
    });
  });

  test("an endpoint port that is taken: exit 1, not a process that hangs", async () => {
    const [edgePort] = await freePorts(1);
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const address = taken.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const { code, says } = await ending({ ENDPOINT_PORT: String(port), EDGE_PORT: String(edgePort) });
    taken.close();
    expect(code).toBe(1);
    expect(says.join("\n")).toContain("EADDRINUSE");
  });
});
