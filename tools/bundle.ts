/** Programs of this project as plain JavaScript with all they depend on: they start in a third of the time. */
import { join } from "node:path";
import { build } from "esbuild";
import { projectRoot } from "#tools/dev/stack.ts";

/** CommonJS within a module: some packages ask for `require`. */
const REQUIRE = `import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);`;
/** Has machine code for each platform: it stays in node_modules. */
const NATIVE = ["@node-rs/argon2"];

/** Writes `app/main.ts` to `<folder>/app/main.js`, and so on; what several need is written once. */
export const bundle = async (programs: readonly string[], folder: string): Promise<void> => {
  await build({
    absWorkingDir: projectRoot,
    entryPoints: [...programs],
    outdir: folder,
    outbase: projectRoot,
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node24",
    external: NATIVE,
    banner: { js: REQUIRE },
    logLevel: "warning",
  });
};

/** Where `bundle` puts a program. */
export const bundled = (program: string, folder: string): string =>
  join(folder, program.replace(/\.ts$/, ".js"));
