import { execFileSync } from "node:child_process";

let knowsPdeathsig: boolean | undefined;

// Where setpriv exists (Linux), the kernel ends the server when our thread is gone, even by SIGKILL. Elsewhere the next
// start in the same folder does it.
export function diesWithUs(quitSignal: NodeJS.Signals): string[] {
  const prefix = ["setpriv", "--pdeathsig", quitSignal.slice(3), "--"];
  knowsPdeathsig ??= runs([...prefix, "true"]);
  return knowsPdeathsig ? prefix : [];
}

function runs([command = "", ...args]: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
