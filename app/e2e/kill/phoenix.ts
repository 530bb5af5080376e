/**
 * Starts the product again as often as it dies. The next one stands by with its code read: what takes time is to be
 * death, and not the reading of code.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

const mortal = (process.argv[1] ?? "").replace("phoenix", "mortal");
const env = { ...process.env, NODE_COMPILE_CACHE: join(process.env["FATES"] ?? "", "code") };
const standBy = (): ChildProcess =>
  spawn(process.execPath, [mortal], { env, stdio: ["ignore", "inherit", "inherit", "ipc"] });

let child: ChildProcess;
let next = standBy();
let isEnding = false;

const rise = (): void => {
  child = next;
  next = standBy();
  child.send("rise");
  child.once("exit", () => {
    if (isEnding) process.exit(0);
    rise();
  });
};
rise();

process.on("SIGTERM", () => {
  isEnding = true;
  next.kill("SIGKILL");
  child.kill("SIGTERM");
});
