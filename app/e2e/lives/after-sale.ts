/** What a seed makes of one order: seller, carrier, buyer, operator, each with a will of their own. */
import { setTimeout as sleep } from "node:timers/promises";
import { Claim } from "@shopnexus/contracts/order/claim";
import type { ClaimView } from "@shopnexus/contracts/order/complaint";
import { Dispute } from "@shopnexus/contracts/order/dispute";
import { Fulfilment } from "@shopnexus/contracts/order/fulfilment";
import { Refund } from "@shopnexus/contracts/order/refund";
import { freshId } from "@shopnexus/contracts/kit/id";
import type { Buyer, Seller } from "#tools/testkit/people.ts";
import type { Cast } from "./cast.ts";
import { count, quietly, type Tally, until } from "./patience.ts";
import type { OrderPlan } from "./plan.ts";

type Scene = { readonly cast: Cast; readonly who: Buyer; readonly orderId: string; readonly tally: Tally };
type Line = { lineId: string; state: string; pieces: number; totalMinor: number };

export const afterSale = async (scene: Scene, plan: OrderPlan): Promise<void> => {
  const seller = await sellerOf(scene);
  if (seller === undefined) return;
  const isConfirmed = await answer(scene, plan, seller);
  if (isConfirmed) await carry(scene, plan);
  if (plan.isAcknowledged) await quietly(scene.who.call(Fulfilment, scene.orderId).acknowledge({}));
  if (plan.claim !== "none") await claim(scene, plan, seller);
};

const sellerOf = async ({ cast, orderId }: Scene): Promise<Seller | undefined> => {
  const [row] = await cast.shop.sql`select seller_id from "order"."order" where order_id = ${orderId}`;
  return cast.shelves.find(({ seller }) => seller.accountId === row?.["seller_id"])?.seller;
};

const linesOf = ({ cast, orderId }: Scene): Promise<Line[]> =>
  cast.shop.sql<Line[]>`
    select line_id as "lineId", state, pieces, total_minor::int as "totalMinor" from "order".checkout_line
    where order_id = ${orderId} order by position`;

/** Confirms, turns down, stays silent; or everybody acts at once and one wins each line. */
const answer = async (scene: Scene, plan: OrderPlan, seller: Seller): Promise<boolean> => {
  const { orderId, who, tally } = scene;
  const order = seller.call(Fulfilment, orderId);
  const [first, ...rest] = (await linesOf(scene)).filter(({ state }) => state === "paid");
  if (first === undefined) return false;
  const some = [first.lineId];
  count(tally, plan.seller);
  if (plan.seller === "confirm") await quietly(order.confirm({}));
  if (plan.seller === "reject") await quietly(order.reject({ note: "Not today." }));
  if (plan.seller === "confirm_some") {
    await quietly(order.confirm({ lineIds: some }));
    if (rest.length > 0) await quietly(order.reject({ lineIds: rest.map(({ lineId }) => lineId), note: "" }));
  }
  if (plan.seller === "raced")
    await Promise.all([
      quietly(order.confirm({})),
      quietly(order.reject({ lineIds: some, note: "Not that one." })),
      quietly(who.call(Fulfilment, orderId).cancel({})),
      quietly(order.confirm({ lineIds: some })),
    ]);
  return (await linesOf(scene)).some(({ state }) => state === "confirmed");
};

/** Longer than the shop takes for a label when fifty orders are confirmed at once, shorter than the carrier's deadline. */
const SEAL_WAIT_MS = 14_000;

/** Moves every parcel that is booked, as its plan has it; lines that nobody confirmed have none. */
const carry = async (scene: Scene, { carrier }: OrderPlan): Promise<void> => {
  const { cast, orderId, tally } = scene;
  const { carrier: depot } = cast.shop.sandbox;
  const tracking = await until(async () => {
    const rows = await cast.shop.sql<{ trackingId: string }[]>`
      select tracking_id as "trackingId" from "order".shipment
      where order_id = ${orderId} and kind = 'outward' and sealed_at is not null`;
    return rows.length > 0 ? rows : undefined;
  }, SEAL_WAIT_MS);
  if (tracking === undefined || carrier === "silence") return;
  count(tally, carrier);
  for (const { trackingId } of tracking) {
    const move = (status: Parameters<typeof depot.move>[1], options = {}) =>
      quietly((async () => depot.move(trackingId, status, options))());
    if (carrier === "chaos") {
      await move("in_transit", { times: 3, lateMs: 80 });
      await move("delivered", { times: 2 });
    }
    if (carrier === "delivers") {
      await move("picked_up");
      await move("delivered");
    }
    if (carrier === "loses" || carrier === "returns") {
      await move("picked_up");
      await move(carrier === "loses" ? "lost" : "returned", { times: 2 });
    }
  }
};

const CLAIM_WAIT_MS = 5_000;
const CLAIMABLE = ["shipped", "delivered", "fulfilled"];

const claim = async (scene: Scene, plan: OrderPlan, seller: Seller): Promise<void> => {
  const { orderId, who, tally } = scene;
  const wanted = plan.claim === "after_payout" ? ["fulfilled"] : CLAIMABLE;
  const lines = await until(async () => {
    const found = (await linesOf(scene)).filter(({ state }) => wanted.includes(state));
    return found.length > 0 ? found : undefined;
  }, CLAIM_WAIT_MS);
  if (lines === undefined) return;
  const opened = await quietly(
    who.call(Claim).open({
      orderId,
      claimKey: `claim-${orderId.slice(4)}`,
      lines: lines.map(({ lineId, pieces, totalMinor }) => ({
        lineId,
        pieces: Math.max(1, Math.ceil(pieces / 2)),
        ...(plan.claimShare !== undefined && {
          amount: { minor: Math.max(1, Math.floor(totalMinor * plan.claimShare)), currency: "USD" },
        }),
      })),
      reason: "damaged",
      says: "It is broken.",
      evidence: [freshId("fil")],
    }),
  );
  if (opened === undefined) return count(tally, "claim refused");
  count(tally, `claim ${plan.claim}`);
  await decide(scene, plan, { seller, opened });
};

const decide = async (
  { cast, who, tally }: Scene,
  plan: OrderPlan,
  { seller, opened }: { seller: Seller; opened: ClaimView },
): Promise<void> => {
  const { refundId } = opened;
  const bySeller = seller.call(Refund, refundId);
  const byBuyer = who.call(Refund, refundId);
  if (plan.isWithdrawn) {
    const [withdrawn] = await Promise.all([
      quietly(byBuyer.withdraw({})),
      quietly(bySeller.answer({ answer: "accept", says: "" })),
    ]);
    return count(tally, withdrawn === undefined ? "withdrawal lost" : "claim withdrawn");
  }
  if (plan.answer !== "silence") await quietly(bySeller.answer({ answer: plan.answer, says: "So be it." }));
  count(tally, `answer ${plan.answer}`);
  if (plan.answer === "accept_with_return") {
    await sleep(100);
    await quietly(byBuyer.sent({ how: "by post" }));
    await moveReturn(cast, refundId);
    if (plan.inspection !== "silence")
      await quietly(bySeller.inspect({ finding: plan.inspection, isSellable: true, says: "Looked at." }));
  }
  const disputeId = await until(
    async () => {
      const view = await quietly(who.call(Claim).read({ refundId }));
      return view?.disputeId ?? undefined;
    },
    plan.answer === "contest" || plan.inspection === "contest" ? 1_000 : 0,
  );
  if (disputeId === undefined || plan.verdict === "silence") return;
  const [line] = opened.lines;
  const half = Math.floor((line?.asked.minor ?? 0) / 2);
  const verdict =
    plan.verdict === "partial" && line !== undefined
      ? {
          kind: "partial" as const,
          awards: [{ lineId: line.lineId, amount: { minor: half, currency: line.asked.currency } }],
        }
      : { kind: plan.verdict === "none" ? ("none" as const) : ("full" as const) };
  await quietly(cast.clerk.call(Dispute).decide({ disputeId, verdict, note: "Decided." }));
  count(tally, `verdict ${plan.verdict}`);
};

/** The parcel that the goods come back in, where one was booked. */
const moveReturn = async ({ shop }: Cast, refundId: string): Promise<void> => {
  const [row] = await shop.sql<{ trackingId: string | null }[]>`
    select tracking_id as "trackingId" from "order".shipment where refund_id = ${refundId}`;
  const { trackingId } = row ?? {};
  if (trackingId) await quietly((async () => shop.sandbox.carrier.move(trackingId, "delivered"))());
};
