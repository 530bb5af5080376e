/** `npm run migration inventory [-- --custom --name=…]`: writes the SQL that brings a module's schema to its tables.ts. */
import { spawnSync } from "node:child_process";

const [module, ...rest] = process.argv.slice(2);
if (module === undefined) {
  console.error("Which module? npm run migration <module> [-- --custom --name=<what-it-does>]");
  process.exit(2);
}
const kit = new URL("../node_modules/drizzle-kit/bin.cjs", import.meta.url).pathname;
const { status } = spawnSync(process.execPath, [kit, "generate", "--config=db/drizzle.config.ts", ...rest], {
  stdio: "inherit",
  env: { ...process.env, MODULE: module },
});
console.log(`Read the SQL under db/${module}/migrations before you commit it.`);
process.exit(status ?? 1);
