import type { WorkflowSharedContext } from "@restatedev/restate-sdk";
import { Wallet } from "@shopnexus/contracts/account/wallet";
import { Feed } from "@shopnexus/contracts/common/feed";
import { Mail } from "@shopnexus/contracts/common/mail";
import type { Payout } from "@shopnexus/contracts/order/payout";
import { Transfer } from "@shopnexus/contracts/order/transfer";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { send } from "#modules/_kit/peer.ts";
import { returnedEntry, returnedEvent, returnedLetter } from "./rules.ts";

export const look: Handler<typeof Payout, "look"> = async (ctx) => {
  await lookAt(ctx);
  return {};
};

/** Makes entries, events and letters of all that ever came back, each once by its key. Gives whether more may come. */
export const lookAt = async (ctx: WorkflowSharedContext): Promise<boolean> => {
  const { payout, returns } = await call(ctx, Transfer).inspect({ payoutId: ctx.key });
  if (payout === null) return false;
  for (const back of returns) {
    await call(ctx, Wallet).post(returnedEntry(payout, back));
    await call(ctx, Feed).append({ events: [returnedEvent(payout, back)] });
    send(ctx, Mail).post(returnedLetter(payout, back));
  }
  return payout.state === "sent";
};
