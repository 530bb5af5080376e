/** Asks TypeScript's own language server what an editor asks it: where a name is defined, implemented and used, what is wrong. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { z } from "zod";
import { connection, type Connection } from "./connection.ts";

/** A place in the tree, as people say it: path from the root, line from 1. */
export type Place = { readonly path: string; readonly line: number };

/** A word in a file: `name` at or after `within`, which the line has and no line before it. */
export type Spot = { readonly path: string; readonly within: string; readonly name: string };

export type LanguageServer = {
  definition(spot: Spot): Promise<Place[]>;
  implementation(spot: Spot): Promise<Place[]>;
  references(spot: Spot): Promise<Place[]>;
  /** What the compiler says of a file, as messages. */
  errors(path: string): Promise<string[]>;
  /** Shows the server another text for a file, as an unsaved editor buffer would; the disk is not touched. */
  edit(path: string, change: (text: string) => string): Promise<void>;
  stop(): Promise<void>;
};

const Range = z.object({ start: z.object({ line: z.number(), character: z.number() }) });
const Location = z.union([
  z.object({ uri: z.string(), range: Range }).transform(({ uri, range }) => ({ uri, range })),
  z
    .object({ targetUri: z.string(), targetSelectionRange: Range })
    .transform(({ targetUri, targetSelectionRange }) => ({ uri: targetUri, range: targetSelectionRange })),
]);
const Locations = z.union([
  z.null().transform(() => []),
  z.array(Location),
  Location.transform((one) => [one]),
]);
const Report = z.object({
  items: z.array(z.object({ message: z.string(), severity: z.number().optional() })),
});

const SEVERITY_ERROR = 1;

export const startLanguageServer = async (root: string): Promise<LanguageServer> => {
  const child = spawn(await executable(), ["--lsp", "--stdio"], {
    cwd: root,
    stdio: ["pipe", "pipe", "ignore"],
  });
  const wire = connection(child.stdin, child.stdout);
  await wire.request("initialize", {
    processId: process.pid,
    rootUri: pathToFileURL(root).href,
    workspaceFolders: [{ uri: pathToFileURL(root).href, name: "shop" }],
    capabilities: { textDocument: { implementation: {}, definition: {}, references: {}, diagnostic: {} } },
  });
  wire.notify("initialized", {});
  return serverOf({ root, wire, child });
};

/** The compiler's binary, found as its own launcher finds it. */
const executable = async (): Promise<string> => {
  const compiler = dirname(createRequire(import.meta.url).resolve("typescript/package.json"));
  const launcher = join(compiler, "lib/getExePath.js");
  const { default: getExePath } = (await import(pathToFileURL(launcher).href)) as { default: () => string };
  return getExePath();
};

type Session = { root: string; wire: Connection; child: ChildProcess };

const serverOf = ({ root, wire, child }: Session): LanguageServer => {
  const texts = new Map<string, { text: string; version: number }>();
  const uriOf = (path: string) => pathToFileURL(join(root, path)).href;
  const open = async (path: string): Promise<string> => {
    const known = texts.get(path);
    if (known !== undefined) return known.text;
    const text = await readFile(join(root, path), "utf8");
    texts.set(path, { text, version: 1 });
    wire.notify("textDocument/didOpen", {
      textDocument: { uri: uriOf(path), languageId: "typescript", version: 1, text },
    });
    return text;
  };
  const ask = async (method: string, spot: Spot, more: object = {}): Promise<Place[]> => {
    const position = positionOf(await open(spot.path), spot);
    const answer = await wire.request(`textDocument/${method}`, {
      textDocument: { uri: uriOf(spot.path) },
      position,
      ...more,
    });
    return Locations.parse(answer).map(({ uri, range }) => ({
      path: relative(root, fileURLToPath(uri)),
      line: range.start.line + 1,
    }));
  };
  return {
    definition: (spot) => ask("definition", spot),
    implementation: (spot) => ask("implementation", spot),
    references: (spot) => ask("references", spot, { context: { includeDeclaration: true } }),
    errors: async (path) => {
      await open(path);
      const answer = await wire.request("textDocument/diagnostic", { textDocument: { uri: uriOf(path) } });
      return Report.parse(answer).items.flatMap(({ severity, message }) =>
        severity === SEVERITY_ERROR ? [message] : [],
      );
    },
    edit: async (path, change) => {
      const text = change(await open(path));
      const version = (texts.get(path)?.version ?? 0) + 1;
      texts.set(path, { text, version });
      wire.notify("textDocument/didChange", {
        textDocument: { uri: uriOf(path), version },
        contentChanges: [{ text }],
      });
    },
    stop: () => farewell({ root, wire, child }),
  };
};

const positionOf = (text: string, { path, within, name }: Spot): { line: number; character: number } => {
  const lines = text.split("\n");
  const line = lines.findIndex((candidate) => candidate.includes(within));
  if (line < 0) throw new Error(`${path} has no line with ${within}`);
  const from = lines[line]?.indexOf(within) ?? 0;
  const at = lines[line]?.indexOf(name, from) ?? -1;
  if (at < 0) throw new Error(`${path}:${line + 1} does not name ${name}`);
  return { line, character: at + name.search(/\w/) };
};

const farewell = async ({ wire, child }: Session): Promise<void> => {
  const exited = once(child, "exit");
  await wire.request("shutdown", null);
  wire.notify("exit", null);
  await exited;
};
