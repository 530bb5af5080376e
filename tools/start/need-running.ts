import type { World } from "#tools/seed/person.ts";
import { loadDotEnv, placeOf } from "./place.ts";
import { type Running, runningIn } from "./running.ts";

/** The shop that runs; without one the script ends with a sentence. */
export const needRunning = (): Running => {
  loadDotEnv();
  const dir = placeOf(process.env);
  const running = runningIn(dir);
  if (running !== undefined) return running;
  console.error(
    `No shop is running (in ${dir}). Start one with "npm start", in another terminal, and try again.`,
  );
  return process.exit(2);
};

export const worldOf = ({ urls, password, auth }: Running): World => ({
  ingress: urls.ingress,
  password,
  auth,
});
