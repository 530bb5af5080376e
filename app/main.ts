/** `node app/main.ts`: reads the environment, migrates if asked, serves, registers, and leaves quietly. */
import { migrateModule } from "#db/_kit/migrate.ts";
import { ConfigError } from "./config-error.ts";
import { type Config, readConfig } from "./config.ts";
import { loadBoards } from "./modules.ts";
import { startApp } from "./start.ts";

const read = (): Config => {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exit(2);
  }
};

const config = read();
if (config.migrates) {
  for (const name of config.services) await migrateModule(config.databaseUrls[name] ?? "", name);
}
const app = await startApp(config, await loadBoards(config.services));

let isStopping = false;
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    if (isStopping) return;
    isStopping = true;
    void app.stop().then(() => process.exit(0));
  });
}
