import { MODULE_NAMES } from "#app/modules.ts";

/** Which modules share a process. `name` is the process's, in logs and pid files. */
export type Group = { name: string; services: string; isOrder: boolean };

/**
 * One process for all modules; or, where SERVICES names some, one for those and one for the rest, so that the shop is
 * whole either way. A name that is no module's is left to the app, which knows what to say.
 */
export const groupsOf = (services: string | undefined): Group[] => {
  const named = (services ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const rest = MODULE_NAMES.filter((name) => !named.includes(name));
  if (named.length === 0 || named.includes("*") || rest.length === 0)
    return [{ name: "app", services: "*", isOrder: true }];
  return [
    { name: "app", services: named.join(","), isOrder: named.includes("order") },
    { name: "app-rest", services: rest.join(","), isOrder: rest.includes("order") },
  ];
};
