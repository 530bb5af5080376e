import type { Line } from "@shopnexus/contracts/order/line";
import type { Step } from "#modules/_kit/handler.ts";
import { decide } from "../_kit/decisions.ts";

export const cancel: Step<typeof Line, "cancel"> = async (ask, { db }) =>
  decide(db, ask, {
    by: "buyerId",
    event: "cancel",
    fact: "lines_cancelled",
    change: { reason: "buyer_cancelled" },
    did: ({ state, reason }) => state === "cancelled" && reason === "buyer_cancelled",
  });
