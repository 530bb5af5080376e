import { RestatePromise, type WorkflowContext } from "@restatedev/restate-sdk";
import { Profile } from "@shopnexus/contracts/account/profile";
import { Wallet } from "@shopnexus/contracts/account/wallet";
import { Feed } from "@shopnexus/contracts/common/feed";
import { Mail } from "@shopnexus/contracts/common/mail";
import type { Out } from "@shopnexus/contracts/kit/contract";
import type { Refused } from "@shopnexus/contracts/kit/refusal";
import { Payout, PayoutRefusals } from "@shopnexus/contracts/order/payout";
import { Transfer } from "@shopnexus/contracts/order/transfer";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { send } from "#modules/_kit/peer.ts";
import { anyway, nothing, pair, pivot, saga } from "#modules/_kit/saga.ts";
import { say } from "#modules/_kit/say.ts";
import { refusedOf } from "#modules/_kit/terminal.ts";
import {
  alertLetter,
  eventOf,
  failedLetter,
  mayGo,
  payoutEntry,
  type PayoutOrder,
  sentLetter,
  SIGNALS,
  waitingLetter,
  walletHoldOf,
} from "./rules.ts";

type Ctx = WorkflowContext;
type Order = PayoutOrder & { readonly operators: string | undefined };

// The pairs, in running order. A transfer that is refused was never made, so until then all can be undone.

const holdFunds = pair("hold funds", {
  do: (ctx: Ctx, { payoutId, accountId, amount }: Order) =>
    call(ctx, Wallet).hold({ walletHoldId: walletHoldOf(payoutId), accountId, amount, reference: payoutId }),
  undo: (ctx, { payoutId }) => call(ctx, Wallet).free({ walletHoldId: walletHoldOf(payoutId) }),
});
const sendTransfer = pivot("send transfer", {
  // Once asked for, the money may be out: no cancellation comes between the question and its answer.
  do: (ctx: Ctx, { payoutId }: Order) => anyway(() => call(ctx, Transfer).send({ payoutId })),
});
const postPayout = pair("post payout", {
  do: (ctx: Ctx, { order, provider }: Sent) => call(ctx, Wallet).spend(payoutEntry(order, provider)),
  undo: nothing("the money is out"),
});
const tellSeller = pair("tell the seller", {
  do: (ctx: Ctx, { order }: Sent) => tell(ctx, order),
  undo: nothing("the money is out"),
});

type Sent = { readonly order: Order; readonly provider: string };

export const run: Handler<typeof Payout, "run"> = async (ctx, input, { settings }) => {
  const order: Order = { payoutId: ctx.key, ...input, operators: settings.mail?.operators };
  try {
    await saga(ctx, async (steps) => {
      await steps.do(holdFunds, order);
      await awaitLeave(ctx, order);
      const { provider } = await steps.do(sendTransfer, order);
      await steps.do(postPayout, { order, provider });
      await steps.do(tellSeller, { order, provider });
    });
    return {};
  } catch (error) {
    const refused = refusedOf(error, PayoutRefusals.PAYOUT_STOPPED);
    if (refused === undefined) throw error;
    await anyway(() => closeOff(ctx, order, refused));
    throw error;
  }
};

/** Until it may go, or somebody has said that it may not. Each turn is judged by the rows, whatever woke it. */
const awaitLeave = async (ctx: Ctx, order: Order): Promise<void> => {
  const { payoutId, accountId } = order;
  const word = ctx.promise(SIGNALS.decided).get();
  for (;;) {
    const { suspended } = await call(ctx, Profile).standing({ accountId });
    const standing = await call(ctx, Transfer).advance({ payoutId, isSuspended: suspended });
    await say(ctx, SIGNALS.opened, true);
    if (mayGo(standing)) return;
    await tellWaiting(ctx, order, standing);
    const silence = ctx.sleep(standing.waitMs).map(() => "silence");
    // A word that was heard once would be heard again at once.
    if (standing.decision === null) await RestatePromise.race([word.map(() => "word"), silence]);
    else await silence;
  }
};

/** Every turn again: the keys make one letter and one event of it. */
const tellWaiting = async (
  ctx: Ctx,
  order: Order,
  { state, isEscalated }: Out<typeof Transfer, "advance">,
): Promise<void> => {
  if (state === "awaiting_approval" || state === "suspended")
    send(ctx, Mail).post(waitingLetter(order, state));
  if (!isEscalated || state !== "awaiting_approval") return;
  await call(ctx, Feed).append({ events: [eventOf("payout.escalated", order)] });
  if (order.operators !== undefined) send(ctx, Mail).post(alertLetter(order, order.operators));
};

const tell = async (ctx: Ctx, order: Order): Promise<void> => {
  await call(ctx, Feed).append({ events: [eventOf("payout.sent", order)] });
  send(ctx, Mail).post(sentLetter(order));
  send(ctx, Payout, order.payoutId).watch({});
};

const closeOff = async (ctx: Ctx, order: Order, refused: Refused): Promise<void> => {
  const { state } = await call(ctx, Transfer).close({ payoutId: order.payoutId, refused });
  await say(ctx, SIGNALS.opened, true);
  // Who asked for too much, or took it back, knows.
  if (state === "refused" || state === "cancelled") return;
  await call(ctx, Feed).append({ events: [eventOf("payout.failed", order, { code: refused.code })] });
  send(ctx, Mail).post(failedLetter(order, refused.message));
};
