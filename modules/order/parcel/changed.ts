import type { Parcel } from "@shopnexus/contracts/order/parcel";
import type { Handler } from "#modules/_kit/handler.ts";
import { say } from "#modules/_kit/say.ts";

export const changed: Handler<typeof Parcel, "changed"> = async (ctx, { choice }) => {
  await say(ctx, choiceOver(choice), true);
  return {};
};

/** The durable promise that says that a choice is no more. */
export const choiceOver = (choice: number): string => `changed/${choice}`;
