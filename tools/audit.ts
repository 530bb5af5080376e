/**
 * Proves the books of a whole shop: every entry balances, every balance is its entries, the escrow of every order is
 * what was captured less what left it, every piece sold is in an order, and the gateway's own list says the same.
 *
 *     npm run audit                     the running shop, or the databases that the environment names
 *     npm run audit -- --json           one JSON object
 *     npm run audit -- --no-gateway     without asking the gateway
 *
 * Ends with 1 when anything is wrong, by name; with 2 when there are no books.
 */
import { parseArgs } from "node:util";
import { readConfig } from "#app/config.ts";
import { audit, type Books } from "./audit/audit.ts";
import { tell } from "./audit/report.ts";
import { needRunning } from "./start/need-running.ts";

const { values } = parseArgs({
  options: { json: { type: "boolean", default: false }, "no-gateway": { type: "boolean", default: false } },
});

/** The environment's databases; without any, the running shop's. */
const booksOf = (): Books => {
  const given = process.env["DATABASE_URL"] ? {} : needRunning().environment;
  const { databaseUrls, settings } = readConfig({ ...given, ...process.env, SERVICES: "*" });
  const of = (module: string): string => databaseUrls[module] ?? "";
  return {
    databaseUrls: { account: of("account"), order: of("order"), inventory: of("inventory") },
    stripe: values["no-gateway"] ? undefined : settings.stripe,
  };
};

try {
  const report = await audit(booksOf());
  console.log(values.json ? JSON.stringify(report) : tell(report));
  process.exitCode = report.ok ? 0 : 1;
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
