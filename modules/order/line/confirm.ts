import { refuse } from "@shopnexus/contracts/kit/refusal";
import { type Line, LineRefusals } from "@shopnexus/contracts/order/line";
import type { Step } from "#modules/_kit/handler.ts";
import { decide } from "../_kit/decisions.ts";
import { planParcel } from "../_kit/parcels.ts";
import { after } from "./rows.ts";
import { isConfirmed } from "./rules.ts";

export const confirm: Step<typeof Line, "confirm"> = async ({ carrier, ...ask }, { db, settings }) =>
  decide(db, ask, {
    by: "sellerId",
    event: "confirm",
    fact: "lines_confirmed",
    change: { dueAt: after(settings.deadlines.handoverMs) },
    did: isConfirmed,
    guard: ({ openChargebacks }) => {
      if (openChargebacks > 0) throw refuse(LineRefusals.ORDER_DISPUTED, {});
    },
    also: (tx, head, lines) => planParcel(tx, head, { lines, choice: carrier }),
  });
