// Runs one script of this project: `node tools/run.mjs tools/start.ts [args]`. Every npm script goes through here, so
// that a fresh checkout on any Node from 18 up installs itself and then runs on the Node the project needs.
// Plain JavaScript with no dependency: it runs before there are any.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, realpathSync, statSync, utimesSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const NODE_MAJOR_MIN = 24;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");

const [script, ...args] = process.argv.slice(2);
if (script === undefined) giveUp("usage: node tools/run.mjs <script> [arguments]");
if (!dependenciesAreInstalled()) await installDependencies();
await run(pickNode());

function dependenciesAreInstalled() {
  const wanted = join(root, "package-lock.json");
  const installed = join(modules, ".package-lock.json");
  if (!existsSync(installed)) return false;
  if (statSync(wanted).mtimeMs <= statSync(installed).mtimeMs) return true;
  // A copy or a checkout can make the lock file look newer while nothing changed: only a different content counts.
  if (!sameVersions(packagesOf(wanted), packagesOf(installed))) return false;
  try {
    utimesSync(installed, new Date(), new Date());
  } catch {
    // Somebody else's node_modules: the comparison is made again next time.
  }
  return true;
}

function packagesOf(path) {
  const packages = Object.entries(JSON.parse(readFileSync(path, "utf8")).packages);
  return new Map(packages.filter(([place]) => place.startsWith("node_modules/")));
}

function sameVersions(wanted, installed) {
  for (const [place, { version }] of installed) {
    if (!wanted.has(place) || wanted.get(place).version !== version) return false;
  }
  for (const [place, entry] of wanted) {
    const isRequired = !entry.optional && !entry.devOptional && !entry.peer && !entry.extraneous;
    if (isRequired && !installed.has(place)) return false;
  }
  return true;
}

async function installDependencies() {
  const startedMs = Date.now();
  const seconds = () => ((Date.now() - startedMs) / 1000).toFixed(1);
  console.log("Installing what package-lock.json pins (npm ci) ...");
  const heartbeat = setInterval(() => console.log(`  still installing, ${seconds()} s`), 10_000);
  let outcome = await npm("ci");
  // A registry that lacks packages for other platforms yields a lock file npm ci calls incomplete. The other way keeps
  // to the same pins, writes nothing to the lock file, and does without what this platform does not need.
  if (outcome.said.includes("can only install packages when")) {
    console.log(
      "  npm ci finds the lock file incomplete for other platforms; installing the same pins (npm install) ...",
    );
    outcome = await npm("install", "--no-save");
  }
  clearInterval(heartbeat);
  if (outcome.failure !== "") {
    giveUp(`${outcome.said.trim().split("\n").slice(-15).join("\n")}
The dependencies could not be installed: ${outcome.failure}.
It needs a way to an npm registry (npm config get registry); then run the same command again.`);
  }
  console.log(`Installed in ${seconds()} s.`);
}

// Install scripts are left out: nothing here needs one, and they would be foreign code run on every machine.
function npm(...words) {
  const flags = ["--ignore-scripts", "--include=dev", "--include=optional", "--no-audit", "--no-fund"];
  const cli = process.env.npm_execpath ?? "";
  const [command, first] = cli.endsWith("npm-cli.js") ? [process.execPath, [cli]] : ["npm", []];
  return new Promise((done) => {
    const options = { cwd: root, stdio: ["ignore", "pipe", "pipe"] };
    const child = spawn(command, [...first, ...words, ...flags], options);
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes) => (said += bytes));
    child.on("error", (error) => done({ said, failure: `npm could not be started (${error.message})` }));
    child.on("close", (code, signal) => {
      const failure = code === 0 ? "" : `npm ${words[0]} ended with ${signal ?? `exit code ${code}`}`;
      done({ said, failure });
    });
  });
}

function pickNode() {
  const pinned = pinnedNodes().find((path) => majorOf(path) >= NODE_MAJOR_MIN);
  if (pinned !== undefined) return pinned;
  if (Number.parseInt(process.versions.node, 10) >= NODE_MAJOR_MIN) return process.execPath;
  return giveUp(`This project needs Node ${NODE_MAJOR_MIN} or newer. This is Node ${process.versions.node}, and npm has no Node that runs on this machine (${process.platform} ${process.arch}).
Install Node ${NODE_MAJOR_MIN}: https://nodejs.org/en/download, or "nvm install ${NODE_MAJOR_MIN}", or on a Mac "brew install node@${NODE_MAJOR_MIN}"; then run the same command again.`);
}

function pinnedNodes() {
  if (!existsSync(modules)) return [];
  const folders = readdirSync(modules).filter((name) => name.startsWith(`node-${process.platform}-`));
  return folders.map((name) => join(modules, name, "bin", "node")).filter((path) => existsSync(path));
}

// Asked, not read from package.json: on a machine with another C library the pinned binary exists but does not start.
function majorOf(path) {
  if (realpathSync(path) === realpathSync(process.execPath))
    return Number.parseInt(process.versions.node, 10);
  const answer = spawnSync(path, ["--version"], { encoding: "utf8" });
  return answer.status === 0 ? Number.parseInt(answer.stdout.slice(1), 10) : 0;
}

function run(node) {
  const env = {
    ...process.env,
    PATH: [dirname(node), join(modules, ".bin"), process.env.PATH ?? ""].join(delimiter),
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, ".shopnexus", "cache", "node"),
  };
  const child = spawn(node, [resolve(root, script), ...args], { cwd: root, env, stdio: "inherit" });
  // The terminal gives Ctrl+C to both of us, so the script may get it twice; not passing it on would lose a plain `kill -INT`.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  return new Promise(() => {
    child.on("error", (error) => giveUp(`${node} could not be started: ${error.message}`));
    child.on("exit", (code, signal) =>
      process.exit(signal === null ? code : 128 + constants.signals[signal]),
    );
  });
}

function giveUp(sentence) {
  console.error(sentence);
  process.exit(1);
}
