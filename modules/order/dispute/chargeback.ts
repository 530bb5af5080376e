import type { Context } from "@restatedev/restate-sdk";
import { Wallet } from "@shopnexus/contracts/account/wallet";
import { Feed } from "@shopnexus/contracts/common/feed";
import { Mail } from "@shopnexus/contracts/common/mail";
import { Backorder } from "@shopnexus/contracts/inventory/backorder";
import { Serial } from "@shopnexus/contracts/inventory/serial";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import { Charge } from "@shopnexus/contracts/order/charge";
import { Chargeback, type ChargebackStatus } from "@shopnexus/contracts/order/chargeback";
import type { Dispute } from "@shopnexus/contracts/order/dispute";
import { Fulfilment } from "@shopnexus/contracts/order/fulfilment";
import type { z } from "zod";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { send } from "#modules/_kit/peer.ts";
import type { Entry } from "../_kit/entries.ts";
import {
  chargebackLetters,
  lateRefundEntries,
  owedEntries,
  reinstatedEntries,
  type Taken,
  takenEntries,
} from "./rules.ts";

type Status = z.infer<typeof ChargebackStatus>;

/** Every step finds what was done before, so events may come twice, late or the wrong way round. The first to tell keeps watch. */
export const chargeback: Handler<typeof Dispute, "chargeback"> = async (ctx, news, { settings }) => {
  const { chargebackId, status, isWatched } = await call(ctx, Chargeback).record(news);
  const { reason } = news;
  await follow(ctx, { chargebackId, status, reason });
  if (!isWatched || status !== "open") return {};
  for (let waitMs: number | null = settings.deadlines.chargebackMs; waitMs !== null; ) {
    await ctx.sleep(waitMs);
    const asked: { status: Status; waitMs: number | null } = await call(ctx, Chargeback).ask({
      chargebackId,
    });
    await follow(ctx, { chargebackId, status: asked.status, reason });
    waitMs = asked.waitMs;
  }
  return {};
};

type Told = { readonly chargebackId: string; readonly status: Status; readonly reason: string };

/** Brings everything to where the bank's word is. What it has decided is still taken first, where it was not. */
const follow = async (ctx: Context, told: Told): Promise<void> => {
  const { chargebackId, status } = told;
  const { taken } = await call(ctx, Chargeback).take({ chargebackId });
  if (taken !== null) {
    await post(ctx, takenEntries(chargebackId, taken));
    await tell(ctx, { ...told, status: "open" }, taken);
  }
  if (status === "won") await reinstate(ctx, told);
  if (status === "lost") await lose(ctx, told, taken);
};

const post = async (ctx: Context, postings: readonly Entry[]): Promise<void> => {
  for (const entry of postings) await call(ctx, Wallet).post(entry);
};

/** The parties, the feed and the orders' runs. */
const tell = async (ctx: Context, told: Told, taken: Taken): Promise<void> => {
  const { chargebackId, status } = told;
  const kind = status === "open" ? ("dispute.opened" as const) : ("dispute.closed" as const);
  const data = { checkoutId: taken.checkoutId, status };
  const eventKey = `${chargebackId}/${status}`;
  await call(ctx, Feed).append({ events: [{ eventKey, kind, subject: chargebackId, data }] });
  for (const letter of chargebackLetters(chargebackId, taken, told)) send(ctx, Mail).post(letter);
  for (const { orderId, before } of taken.shares) send(ctx, Fulfilment, orderId).news({ version: before });
};

/** Also of money that was never taken: a gateway makes no refund while a bank asks, whether we heard of that or not. */
const reinstate = async (ctx: Context, told: Told): Promise<void> => {
  const { chargebackId } = told;
  const { taken, refunds } = await call(ctx, Chargeback).reinstate({ chargebackId });
  if (taken !== null) await post(ctx, reinstatedEntries(chargebackId, taken));
  for (const refund of refunds) {
    const { key, checkoutId, orderId, minor } = refund;
    const { state } = await call(ctx, Charge).giveBack({ key, checkoutId, orderId, minor });
    if (state === "paid") await post(ctx, lateRefundEntries(refund));
  }
  if (taken !== null) await tell(ctx, told, taken);
};

const lose = async (ctx: Context, told: Told, taken: Taken | null): Promise<void> => {
  const { chargebackId } = told;
  const { orders, owedMinor } = await call(ctx, Chargeback).lose({ chargebackId });
  if (taken === null) return;
  await post(ctx, owedEntries(chargebackId, taken, owedMinor));
  const goods = orders.flatMap((one) => one.goods);
  if (goods.length > 0) {
    await call(ctx, Stock).unsell({ reference: chargebackId, lines: goods });
    for (const { lineId } of goods) await call(ctx, Serial).putBack({ lineId });
    send(ctx, Backorder).allot({ skuIds: [...new Set(goods.map(({ skuId }) => skuId))] });
  }
  const shares = taken.shares.map((share) => ({
    ...share,
    before: orders.find(({ orderId }) => orderId === share.orderId)?.before ?? share.before,
  }));
  await tell(ctx, told, { ...taken, shares });
};
