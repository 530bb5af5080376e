import type { Login } from "@shopnexus/contracts/account/login";
import type { Step } from "#modules/_kit/handler.ts";
import { findLive } from "./rows.ts";

export const live: Step<typeof Login, "live"> = async ({ sessionId }, { db }) => {
  const open = await findLive(db).execute({ sessionId, now: new Date() });
  return { live: open.length === 1 };
};
