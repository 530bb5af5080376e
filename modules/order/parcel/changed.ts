import type { Parcel } from "@shopnexus/contracts/order/parcel";
import type { Handler } from "#modules/_kit/handler.ts";
import { say } from "#modules/_kit/say.ts";

export const changed: Handler<typeof Parcel, "changed"> = async (ctx, { choice }) => {
  // Whoever repeats a change says a later choice than the one it ended: all before it are over as well.
  for (let each = 1; each <= choice; each++) await say(ctx, choiceOver(each), true);
  return {};
};

/** The durable promise that says that a choice is no more. */
export const choiceOver = (choice: number): string => `changed/${choice}`;
