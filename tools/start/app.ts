/** The product as processes of its own: `app/main.ts`, once a group of modules. */
import { join } from "node:path";
import { type Child, type ChildPlan, startChild } from "#tools/dev/child.ts";
import { projectRoot } from "#tools/dev/project-root.ts";
import type { Site } from "#tools/dev/site.ts";
import { answers } from "./answers.ts";
import type { Group } from "./groups.ts";
import { portOf, prefer } from "./ports.ts";

/** Where one process of the product listens. */
export type Seat = Group & { endpointPort: number; edgePort: number; edgeUrl: string };

/** What people try first. */
const EDGE_PORT = 3000;

export const seatOf = async (dir: string, group: Group): Promise<Seat> => {
  // Whoever sets a port means it: then a port that is taken stops the start.
  const chosen = group.name === "app" ? process.env : {};
  if (group.name === "app") await prefer(dir, "app-edge", EDGE_PORT);
  const endpointPort = Number(chosen["ENDPOINT_PORT"] || (await portOf(dir, `${group.name}-endpoint`)));
  const edgePort = Number(chosen["EDGE_PORT"] || (await portOf(dir, `${group.name}-edge`)));
  return { ...group, endpointPort, edgePort, edgeUrl: `http://127.0.0.1:${edgePort}` };
};

/** Starts one process and waits until it is ready; `isWatched` starts it anew whenever a file of its changes. */
export const startAppChild = (
  site: Site,
  seat: Seat,
  { environment, isWatched }: { environment: Record<string, string>; isWatched: boolean },
): Promise<Child> => {
  const plan: ChildPlan = {
    name: seat.name,
    command: process.execPath,
    args: [...(isWatched ? ["--watch", "--watch-preserve-output"] : []), join(projectRoot, "app/main.ts")],
    env: { ...inherited(), ...environmentOf(seat, environment) },
    cwd: projectRoot,
    ports: [seat.endpointPort, seat.edgePort],
    quitSignal: "SIGTERM",
    isReady: () => answers(`${seat.edgeUrl}/ready`),
  };
  return startChild(site, plan);
};

const environmentOf = (
  { name, services, endpointPort, edgePort }: Seat,
  environment: Record<string, string>,
): Record<string, string> => ({
  ...environment,
  // One address is one process: the second has its own.
  ...(name !== "app" && { ADVERTISE_URL: "" }),
  SERVICES: services,
  ENDPOINT_PORT: String(endpointPort),
  EDGE_PORT: String(edgePort),
});

const inherited = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
