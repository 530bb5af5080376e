import { RestatePromise, type WorkflowContext } from "@restatedev/restate-sdk";
import { Feed } from "@shopnexus/contracts/common/feed";
import { Mail } from "@shopnexus/contracts/common/mail";
import { Claim } from "@shopnexus/contracts/order/claim";
import type { ClaimStep, ClaimView } from "@shopnexus/contracts/order/complaint";
import { Fulfilment } from "@shopnexus/contracts/order/fulfilment";
import type { Refund } from "@shopnexus/contracts/order/refund";
import { call } from "#modules/_kit/call.ts";
import type { Handler, Scene } from "#modules/_kit/handler.ts";
import { send } from "#modules/_kit/peer.ts";
import { say } from "#modules/_kit/say.ts";
import { isOver } from "../claim/rules.ts";
import { askAfterParcel, isAway, type Sending, sendLabel } from "./moved.ts";
import { feedOf, lettersOf, newsOf, soonest } from "./rules.ts";

export const verdict: Handler<typeof Refund, "verdict"> = async (ctx, { version }) => {
  await say(ctx, newsOf(version), true);
  return {};
};

type Ctx = WorkflowContext;
export type Teller = { seen: number; readonly settings: Scene["settings"] };
export type Going = { readonly ctx: Ctx; readonly teller: Teller; readonly book: Sending["book"] };

/** Whoever has the turn moves the claim, or their deadline does. News cannot be missed: it is awaited by the version it follows. */
export const awaitDecision = async (going: Going, refundId: string): Promise<ClaimView> => {
  const { ctx, teller, book } = going;
  const { bookRetryMs, trackMs } = teller.settings.deadlines;
  for (let isSilent = false; ; ) {
    const now = await tellNews(ctx, refundId, teller);
    const { claim, version, waitMs } = now;
    if (claim.state === "accepted" || isOver(claim.state)) return claim;
    if (isSilent && isAway(claim)) {
      isSilent = false;
      await askAfterParcel(ctx, refundId);
      continue;
    }
    if (waitMs === 0) {
      isSilent = false;
      await call(ctx, Claim).expire({ refundId });
      continue;
    }
    const againMs = await sendLabel({ ctx, book, bookRetryMs }, now);
    isSilent = await silence(ctx, version, soonest(waitMs, againMs, isAway(claim) ? trackMs : null));
  }
};

/** Whether so much time has passed without news. */
const silence = async (ctx: Ctx, version: number, waitMs: number | null): Promise<boolean> => {
  const news = ctx
    .promise<true>(newsOf(version))
    .get()
    .map(() => false);
  return waitMs === null ? news : RestatePromise.race([news, ctx.sleep(waitMs).map(() => true)]);
};

/** Tells everybody what has happened since the last look, in order, each thing once. */
export const tellNews = async (ctx: Ctx, refundId: string, teller: Teller): Promise<ClaimStep> => {
  const now = await call(ctx, Claim).news({ refundId, since: teller.seen });
  const operators = teller.settings.mail?.operators;
  const events = now.happened.flatMap((happened) => feedOf(now.claim, happened));
  if (events.length > 0) await call(ctx, Feed).append({ events });
  for (const happened of now.happened) {
    for (const letter of lettersOf({ claim: now.claim, happened, operators })) send(ctx, Mail).post(letter);
    if (happened.orderVersion !== null)
      send(ctx, Fulfilment, now.claim.orderId).news({ version: happened.orderVersion });
  }
  teller.seen = now.version;
  return now;
};
