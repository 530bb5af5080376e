import type { Login } from "@shopnexus/contracts/account/login";
import type { Step } from "#modules/_kit/handler.ts";
import { isSessionOpen } from "./rows.ts";

export const live: Step<typeof Login, "live"> = async ({ sessionId }, { db }) => ({
  live: await isSessionOpen(db, sessionId, new Date()),
});
