import { RestatePromise, type WorkflowContext } from "@restatedev/restate-sdk";
import { Mail } from "@shopnexus/contracts/common/mail";
import type { Out } from "@shopnexus/contracts/kit/contract";
import type { ParcelTrouble } from "@shopnexus/contracts/order/carriage";
import { Packing } from "@shopnexus/contracts/order/packing";
import type { Parcel } from "@shopnexus/contracts/order/parcel";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { send } from "#modules/_kit/peer.ts";
import { say } from "#modules/_kit/say.ts";
import { troubleLetter } from "./rules.ts";

export const changed: Handler<typeof Parcel, "changed"> = async (ctx, { choice }) => {
  // Whoever repeats a change says a later choice than the one it ended: all before it are over as well.
  for (let each = 1; each <= choice; each++) await say(ctx, choiceOver(each), true);
  return {};
};

/** The durable promise that says that a choice is no more. */
const choiceOver = (choice: number): string => `changed/${choice}`;

export type Chosen = Out<typeof Packing, "choose">;
export type Obstacle = { readonly trouble: ParcelTrouble; readonly reason: string };
type Waiting = { readonly chosen: Chosen; readonly obstacle: Obstacle; readonly heard: Set<number> };

/** Writes down what is in the way, and waits until it is time to try again or the seller has chosen another carrier. */
export const waitForChange = async (
  ctx: WorkflowContext,
  { chosen, obstacle, heard }: Waiting,
): Promise<Chosen> => {
  const { choice, tries, sellerId, orderId } = chosen;
  const parcelId = ctx.key;
  const { waitMs, isNew } = await call(ctx, Packing).postpone({ parcelId, choice, tries, ...obstacle });
  if (isNew) {
    const letter = troubleLetter({ parcelId, sellerId, orderId, choice, tries, ...obstacle });
    if (letter !== undefined) send(ctx, Mail).post(letter);
  }
  const pause = ctx.sleep(waitMs ?? 0).map(() => "time" as const);
  const change = ctx
    .promise(choiceOver(choice))
    .get()
    .map(() => "change" as const);
  const first = await RestatePromise.race(heard.has(choice) ? [pause] : [pause, change]);
  if (first === "change") heard.add(choice);
  return call(ctx, Packing).choose({ parcelId });
};
