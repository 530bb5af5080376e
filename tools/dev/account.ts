// Postgres refuses to run as root, and initdb refuses an account without a name. So we look for a way to run it that
// works here, try it on the real binary, and only then use it.
import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { userInfo } from "node:os";

export type Account = {
  prefix: string[]; // what to put before the command
  uid: number; // who owns its files, as we see it
};

/** The command to run, and the folder it must be able to enter. */
export type Wish = { command: string; dir: string; env: Record<string, string> };

/** The first way in which this command starts and reaches this folder. */
export function accountFor(wish: Wish): Account {
  const complaints: string[] = [];
  for (const account of candidates()) {
    const complaint = tryOut(account, wish);
    if (complaint === "") return account;
    complaints.push(`${account.prefix[0] ?? "as this user"}: ${complaint}`);
  }
  throw new Error(
    `Postgres cannot run here (${complaints.join("; ")}). Run this as an ordinary user, or set DATABASE_URL to a Postgres of yours.`,
  );
}

/** Gives the folder to the account; only root can and has to. */
export function giveTo(account: Account, dir: string): void {
  if (statSync(dir).uid === account.uid) return;
  execFileSync("chown", ["-R", String(account.uid), dir]);
}

function candidates(): Account[] {
  const uid = process.getuid?.() ?? 0;
  if (uid !== 0 && hasName()) return [{ prefix: [], uid }];
  const other = ordinaryAccount();
  if (other === undefined) return [];
  const [name, group] = [String(other.uid), String(other.gid)];
  // A namespace in which we bear another name: no file changes hands, and a folder closed to others stays readable.
  const namespace = {
    prefix: ["unshare", "--user", `--map-user=${name}`, `--map-group=${group}`, "--"],
    uid,
  };
  if (uid !== 0) return [namespace];
  // Containers mostly forbid namespaces; there root can become somebody else who may still open every folder.
  // (The securebit is for access(2), which initdb uses and which forgets capabilities without it.)
  const caps = ["--inh-caps", "+dac_override", "--ambient-caps", "+dac_override"];
  const bits = ["--securebits", "+no_setuid_fixup"];
  const reuid = {
    prefix: ["setpriv", "--reuid", name, "--regid", group, "--clear-groups", ...caps, ...bits, "--"],
    uid: other.uid,
  };
  return [namespace, reuid];
}

function tryOut({ prefix }: Account, { command, dir, env }: Wish): string {
  const [first, ...rest] = [...prefix, "sh"];
  const script = 'test -x "$1" || { echo "cannot enter $1" >&2; exit 1; }; exec "$0" --version';
  try {
    execFileSync(first, [...rest, "-c", script, command, dir], {
      env,
      stdio: ["ignore", "ignore", "pipe"],
      encoding: "utf8",
    });
    return "";
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    return (stderr?.trim() || message).split("\n")[0] ?? "";
  }
}

function hasName(): boolean {
  try {
    return userInfo().username !== "";
  } catch {
    return false;
  }
}

function ordinaryAccount(): { uid: number; gid: number } | undefined {
  const lines = readFileSync("/etc/passwd", "utf8").split("\n");
  const accounts = lines
    .map((line) => line.split(":"))
    .map((fields) => ({ uid: Number(fields[2]), gid: Number(fields[3]) }));
  return accounts.find(({ uid, gid }) => uid > 0 && gid > 0);
}
