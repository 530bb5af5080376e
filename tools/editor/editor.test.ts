/** What a newcomer's editor does with this tree, asked of the compiler's own language server. */
import { globSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PAGES } from "@shopnexus/contracts/pages";
import { projectRoot } from "#tools/dev/stack.ts";
import { type LanguageServer, type Place, type Spot, startLanguageServer } from "./language-server.ts";

let editor: LanguageServer;
beforeAll(async () => {
  editor = await startLanguageServer(projectRoot);
});
afterAll(() => editor.stop());

const kebab = (name: string): string => name.replace(/(?<=[a-z0-9])[A-Z]/g, "-$&").toLowerCase();
const linesOf = (path: string): string[] => readFileSync(`${projectRoot}/${path}`, "utf8").split("\n");

/** Where the address law puts a component. */
const homeOf = (component: string): { module: string; page: string; room: string } => {
  const found = Object.entries(PAGES).find(([, pages]) => pages.some(({ name }) => name === component));
  const module = found?.[0] ?? "";
  return {
    module,
    page: `contracts/${module}/${kebab(component)}.ts`,
    room: `modules/${module}/${kebab(component)}`,
  };
};

type Call = Place & { readonly component: string; readonly verb: string; readonly spot: Spot };

const CALL = /\b(?:call|peer|send)\(\w+, (?<component>[A-Z]\w*)(?:, [^()]*)?\)\.(?<verb>\w+)\(/g;

/** Every call from a module's code to a component, found by its text. */
const calls: Call[] = globSync("modules/*/**/*.ts", { cwd: projectRoot })
  .filter((path) => !path.startsWith("modules/_kit/") && !path.endsWith(".test.ts"))
  .flatMap((path) =>
    linesOf(path).flatMap((text, at) =>
      [...text.matchAll(CALL)].map(({ 0: within, groups }) => {
        const { component = "", verb = "" } = groups ?? {};
        return { path, line: at + 1, component, verb, spot: { path, within, name: `.${verb}(` } };
      }),
    ),
  );

/** The line of the contract page that promises this operation. */
const promiseOf = ({ component, verb }: Call): Place => {
  const { page } = homeOf(component);
  const operation = new RegExp(`^  ${verb}: (step|read|op|run)\\(`);
  return { path: page, line: linesOf(page).findIndex((text) => operation.test(text)) + 1 };
};

/** A long board has parts. */
const isBoardOf = (module: string, path: string): boolean =>
  path === `modules/${module}/index.ts` || path.startsWith(`modules/${module}/_board/`);

/** A board that has two handlers of one name gives one another: `open: openCharge`. One step further is the file. */
const handlerBehind = async ({ path, line }: Place, verb: string): Promise<Place[]> => {
  const within = linesOf(path)[line - 1] ?? "";
  const alias = new RegExp(`\\b${verb}: (\\w+)`).exec(within)?.[1];
  return alias === undefined ? [] : editor.definition({ path, within, name: alias });
};

const caller = "modules/order/_kit/pieces.ts";

describe("the editor", () => {
  test("there are calls to follow, of every kind and to other modules", () => {
    expect(calls.length).toBeGreaterThan(25);
    expect(calls.filter(({ component }) => component === "Stock").map(({ path }) => path)).toContain(caller);
  });

  test("the reserve of a checkout leads to its promise and straight to its handler", async () => {
    const spot = { path: caller, within: "call(ctx, Stock).reserve(", name: "reserve" };
    const promise =
      linesOf("contracts/inventory/stock.ts").findIndex((text) => text.includes("reserve: step(")) + 1;
    expect(await editor.definition(spot)).toEqual([{ path: "contracts/inventory/stock.ts", line: promise }]);
    expect(await editor.implementation(spot)).toContainEqual({
      path: "modules/inventory/stock/reserve.ts",
      line:
        linesOf("modules/inventory/stock/reserve.ts").findIndex((text) =>
          text.startsWith("export const reserve:"),
        ) + 1,
    });
  });

  test("definition of a call lands on the line of the contract page, for every call in the tree", async () => {
    for (const call of calls) {
      expect([call, await editor.definition(call.spot)]).toEqual([call, [promiseOf(call)]]);
    }
  });

  test("implementation of a call offers the handler's file, or its line on a board that had to rename the handler", async () => {
    for (const call of calls) {
      const { module, room } = homeOf(call.component);
      const file = `${room}/${kebab(call.verb)}.ts`;
      const places = await editor.implementation(call.spot);
      const renamed = places.find(({ path }) => isBoardOf(module, path));
      const files = [...places, ...(renamed === undefined ? [] : await handlerBehind(renamed, call.verb))];
      expect({ call, files: files.map(({ path }) => path) }).toEqual({
        call,
        files: expect.arrayContaining([file]),
      });
    }
  });

  test("references of a call list its promise, its board and every caller", async () => {
    for (const call of calls) {
      const { component, verb } = call;
      const found = (await editor.references(call.spot)).map(({ path, line }) => `${path}:${line}`);
      const { path, line } = promiseOf(call);
      const callers = calls.filter((other) => other.component === component && other.verb === verb);
      expect(found).toContain(`${path}:${line}`);
      expect(found).toEqual(expect.arrayContaining(callers.map((caller) => `${caller.path}:${caller.line}`)));
      const { module } = homeOf(component);
      expect(found.some((place) => isBoardOf(module, place.split(":")[0] ?? ""))).toBe(true);
    }
  });
});

describe("a changed promise", () => {
  const asker = "modules/order/_kit/freeze.ts";
  const callee = "modules/promotion/quote/rules.ts";
  const page = "contracts/promotion/quote.ts";

  test("both sides compile as the tree stands", async () => {
    expect([await editor.errors(page), await editor.errors(asker), await editor.errors(callee)]).toEqual([
      [],
      [],
      [],
    ]);
  });

  test("an output field that gets another name breaks the types of caller and callee", async () => {
    await editor.edit(page, (text) => text.replace("applied: z.array(Applied)", "granted: z.array(Applied)"));
    expect((await editor.errors(asker)).join()).toMatch(/applied/);
    expect((await editor.errors(callee)).join()).toMatch(/granted|applied/);
    await editor.edit(page, (text) => text.replace("granted: z.array(Applied)", "applied: z.array(Applied)"));
    expect([await editor.errors(asker), await editor.errors(callee)]).toEqual([[], []]);
  });

  test("an input field that becomes required breaks the types of the caller", async () => {
    await editor.edit(page, (text) => text.replace("at: Instant,", "at: Instant, region: z.string(),"));
    expect((await editor.errors(asker)).join()).toMatch(/region/);
    await editor.edit(page, (text) => text.replace("at: Instant, region: z.string(),", "at: Instant,"));
    expect(await editor.errors(asker)).toEqual([]);
  });

  test("an operation that leaves its page breaks the types of its board", async () => {
    const board = "modules/inventory/index.ts";
    await editor.edit("contracts/inventory/stock.ts", (text) =>
      text.replace("  audit: read(", "  inquest: read("),
    );
    expect((await editor.errors(board)).join()).toMatch(/inquest|audit/);
  });
});
