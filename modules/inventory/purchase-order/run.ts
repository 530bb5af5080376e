import { Mail } from "@shopnexus/contracts/common/mail";
import { Hook } from "@shopnexus/contracts/inventory/hook";
import { Purchase } from "@shopnexus/contracts/inventory/purchase";
import type { PurchaseOrder } from "@shopnexus/contracts/inventory/purchase-order";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { send } from "#modules/_kit/peer.ts";
import { orderLetter, reminderLetters } from "../purchase/rules.ts";

/** Each turn is judged by the rows. The supplier is told in every turn: keys and ids make one of each event. */
export const run: Handler<typeof PurchaseOrder, "run"> = async (ctx) => {
  const purchaseId = ctx.key;
  for (;;) {
    const turn = await call(ctx, Purchase).watch({ purchaseId });
    if (turn.view.channel === "webhook") send(ctx, Hook).post({ purchaseId, event: "sent" });
    else send(ctx, Mail).post(orderLetter(turn.email, turn.code, turn.view));
    if (turn.reminder > 0 && turn.view.endedAt === null)
      for (const letter of reminderLetters(turn.reminder, turn, turn.view)) send(ctx, Mail).post(letter);
    if (turn.isOver) return {};
    await ctx.sleep(turn.waitMs);
  }
};
