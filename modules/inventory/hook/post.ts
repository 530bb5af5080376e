import { Mail } from "@shopnexus/contracts/common/mail";
import { Hook } from "@shopnexus/contracts/inventory/hook";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { send } from "#modules/_kit/peer.ts";
import { untoldLetter } from "./rules.ts";

/** An outage of the supplier's system is waited out here; the message's own patience ends it. */
export const post: Handler<typeof Hook, "post"> = async (ctx, message) => {
  for (;;) {
    const { state, waitMs, failure } = await call(ctx, Hook).deliver(message);
    if (failure !== null) send(ctx, Mail).post(untoldLetter(message, failure));
    if (state !== "queued") return {};
    await ctx.sleep(waitMs);
  }
};
