/** Starts the product again as often as it dies; each death is a line in the file that DEATHS_FILE names. */
import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const mortal = fileURLToPath(new URL("./mortal.ts", import.meta.url));
let child: ChildProcess;
let isEnding = false;

const rise = (): void => {
  child = spawn(process.execPath, [mortal], { stdio: "inherit" });
  child.once("exit", (_code, signal) => {
    if (isEnding) process.exit(0);
    appendFileSync(process.env["DEATHS_FILE"] ?? "", `${signal}\n`);
    rise();
  });
};
rise();

process.on("SIGTERM", () => {
  isEnding = true;
  child.kill("SIGTERM");
});
