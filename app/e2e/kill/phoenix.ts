/**
 * Starts the product again as often as it dies; each death is a line in the file that DEATHS_FILE names. The next one
 * stands by with its code read, so that what is measured is death and not the reading of code.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const mortal = fileURLToPath(new URL("./mortal.ts", import.meta.url));
const standBy = (): ChildProcess =>
  spawn(process.execPath, [mortal], { stdio: ["ignore", "inherit", "inherit", "ipc"] });

let child: ChildProcess;
let next = standBy();
let isEnding = false;

const rise = (): void => {
  child = next;
  next = standBy();
  child.send("rise");
  child.once("exit", (_code, signal) => {
    if (isEnding) process.exit(0);
    appendFileSync(process.env["DEATHS_FILE"] ?? "", `${signal}\n`);
    rise();
  });
};
rise();

process.on("SIGTERM", () => {
  isEnding = true;
  next.kill("SIGKILL");
  child.kill("SIGTERM");
});
