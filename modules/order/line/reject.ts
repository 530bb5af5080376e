import type { Line } from "@shopnexus/contracts/order/line";
import type { Step } from "#modules/_kit/handler.ts";
import { decide } from "../_kit/decisions.ts";

export const reject: Step<typeof Line, "reject"> = async ({ note, ...ask }, { db }) =>
  decide(db, ask, {
    by: "sellerId",
    event: "reject",
    fact: "lines_rejected",
    change: { reason: "seller_rejected", decisionNote: note },
    did: ({ state }) => state === "rejected",
  });
