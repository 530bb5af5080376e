import type { Login } from "@shopnexus/contracts/account/login";
import type { Step } from "#modules/_kit/handler.ts";
import { findOpenSession } from "./rows.ts";

export const live: Step<typeof Login, "live"> = async ({ sessionId }, { db }) => {
  const open = await findOpenSession(db, sessionId, new Date());
  return { live: open !== undefined, suspended: open?.isSuspended ?? false };
};
