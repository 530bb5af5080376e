import type { Line } from "@shopnexus/contracts/order/line";
import type { Step } from "#modules/_kit/handler.ts";
import { decide } from "../_kit/decisions.ts";
import { after } from "./rows.ts";
import { isReceived } from "./rules.ts";

/** The buyer's word counts as the carrier's: scans are missed. A line without a parcel cannot have come. */
export const acknowledge: Step<typeof Line, "acknowledge"> = async (ask, { db, settings }) =>
  decide(db, ask, {
    by: "buyerId",
    event: "deliver",
    fact: "receipt_confirmed",
    change: { dueAt: after(settings.deadlines.escrowMs), claimUntil: after(settings.deadlines.claimMs) },
    did: isReceived,
    may: ({ state, shipmentId }) => state !== "refunding" && shipmentId !== null,
  });
