import { RestatePromise, type WorkflowContext } from "@restatedev/restate-sdk";
import { Wallet } from "@shopnexus/contracts/account/wallet";
import { Feed } from "@shopnexus/contracts/common/feed";
import { Mail } from "@shopnexus/contracts/common/mail";
import { Backorder } from "@shopnexus/contracts/inventory/backorder";
import { Serial } from "@shopnexus/contracts/inventory/serial";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import { HOUR_MS, MINUTE_MS } from "@shopnexus/contracts/kit/time";
import { Duties, type DutyKind } from "@shopnexus/contracts/order/duties";
import { Escrow } from "@shopnexus/contracts/order/escrow";
import type { Fulfilment } from "@shopnexus/contracts/order/fulfilment";
import { Line } from "@shopnexus/contracts/order/line";
import { Parcel } from "@shopnexus/contracts/order/parcel";
import { Shipment } from "@shopnexus/contracts/order/shipment";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { invocationOf } from "#modules/_kit/invocation.ts";
import { send } from "#modules/_kit/peer.ts";
import { anyway } from "#modules/_kit/saga.ts";
import { say } from "#modules/_kit/say.ts";
import { payBack } from "../_kit/pay-back.ts";
import { releaseEntry } from "../_kit/entries.ts";
import { newsOf, OVER, WAITS_FOR } from "./news.ts";
import {
  cancelledEvents,
  cancelledLetter,
  eventsOf,
  fulfilledEvents,
  hadSerials,
  letterOf,
  paidLetter,
  type Task,
} from "./rules.ts";

type Ctx = WorkflowContext;

/** News that got lost on its way is found after this; twice a day for as long as an order lives is little. */
const LOOK_AGAIN_MS = 12 * HOUR_MS;
/** What was done and left everything as it was is a bug of ours. It is tried again, and does not spin. */
const STUCK_MS = MINUTE_MS;

/** It remembers nothing: each turn reads what is to be done, does it, and waits for news or for the next deadline. */
export const run: Handler<typeof Fulfilment, "run"> = async (ctx) => {
  // Nobody is there to take a refusal: what is refused now is asked again, e.g. until a sale is in the ledger.
  invocationOf(ctx).mayRefuse = false;
  for (let last: Turn = { heard: -1, did: "" }; ; ) {
    const turned = await anyway(() => turn(ctx, last));
    if (turned === "over") break;
    last = turned;
  }
  await anyway(() => say(ctx, OVER, true));
  return {};
};

/** The version that there was news of last, and what was done in the turn before, if anything was. */
type Turn = { readonly heard: number; readonly did: string };

/** One turn; or word that nothing can become of the order any more. */
const turn = async (ctx: Ctx, { heard, did }: Turn): Promise<Turn | "over"> => {
  const { duties, version, waitMs, isOver, ...parties } = await call(ctx, Duties).list({ orderId: ctx.key });
  if (isOver) return "over";
  const toDo = duties.length === 0 ? "" : [version, ...duties.map(({ key }) => key)].join(" ");
  if (toDo !== did && toDo !== "") {
    for (const duty of duties) await WORK[duty.kind](ctx, { ...parties, orderId: ctx.key, duty });
    return { heard, did: toDo };
  }
  const pauseMs = toDo === "" ? Math.min(waitMs ?? LOOK_AGAIN_MS, LOOK_AGAIN_MS) : STUCK_MS;
  const pause = ctx.sleep(pauseMs).map(() => heard);
  // What was said of this version before has been looked at; it would be heard for ever.
  if (heard === version) return { heard: await pause, did: "" };
  ctx.set(WAITS_FOR, version);
  const news = ctx.promise(newsOf(version)).get();
  return { heard: await RestatePromise.race([pause, news.map(() => version)]), did: "" };
};

type Work = (ctx: Ctx, task: Task) => Promise<void>;

/** Mail and feed, then the note that it is done: stopped in between, both keep the first of what comes twice. */
const tell: Work = async (ctx, task) => {
  const { orderId, duty } = task;
  const events = eventsOf(task);
  if (events.length > 0) await call(ctx, Feed).append({ events });
  const letter = letterOf(task);
  if (letter !== undefined) send(ctx, Mail).post(letter);
  await call(ctx, Duties).note({ orderId, key: duty.key, kind: duty.kind, until: duty.until });
};

const expire: Work = async (ctx, { orderId, duty }) => {
  await call(ctx, Line).expire({ orderId, lineIds: duty.lines.map(({ lineId }) => lineId) });
};

const ship: Work = async (ctx, task) => {
  if (task.duty.parcelId !== null) send(ctx, Parcel, task.duty.parcelId).run({});
  await tell(ctx, task);
};

const callOff: Work = async (ctx, { duty: { shipmentId } }) => {
  if (shipmentId !== null) await call(ctx, Shipment).unbook({ shipmentId });
};

const track: Work = async (ctx, { duty: { shipmentId } }) => {
  if (shipmentId !== null) await call(ctx, Shipment).track({ shipmentId });
};

/** The buyer's money first; then pieces and numbers are there for others. */
const giveBack: Work = async (ctx, task) => {
  const { orderId, duty } = task;
  const { key } = duty;
  const lineIds = duty.lines.map(({ lineId }) => lineId);
  const back = await call(ctx, Escrow).withdraw({ orderId, key, lineIds });
  const { checkoutId, party, totals, unsold } = back;
  const paid = await payBack(ctx, { key, checkoutId, party, totals });
  if (unsold.length > 0) {
    // Under the order's name: a line whose money a bank gives back later comes here twice, and its pieces came once.
    await call(ctx, Stock).unsell({ reference: orderId, lines: unsold });
    send(ctx, Backorder).allot({ skuIds: unsold.map(({ skuId }) => skuId) });
  }
  if (hadSerials(duty))
    await RestatePromise.all(back.lineIds.map((lineId) => call(ctx, Serial).putBack({ lineId })));
  if (back.lineIds.length === 0) return;
  await call(ctx, Feed).append({ events: cancelledEvents(task, back) });
  send(ctx, Mail).post(cancelledLetter(task));
  if (paid !== undefined) send(ctx, Mail).post(paidLetter(task, back));
};

const release: Work = async (ctx, task) => {
  const { orderId, duty } = task;
  const { key } = duty;
  const lineIds = duty.lines.map(({ lineId }) => lineId);
  const released = await call(ctx, Escrow).release({ orderId, key, lineIds });
  for (const entry of releaseEntry(key, released.party, released)) await call(ctx, Wallet).post(entry);
  if (released.lineIds.length > 0) await call(ctx, Feed).append({ events: fulfilledEvents(task, released) });
};

const WORK: Readonly<Record<DutyKind, Work>> = {
  remind_first: tell,
  remind_last: tell,
  expire,
  give_back: giveBack,
  ship,
  call_off: callOff,
  track,
  escalate_handover: tell,
  escalate_transit: tell,
  tell_shipped: tell,
  tell_delivered: tell,
  release,
};
