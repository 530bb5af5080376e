import type * as restate from "@restatedev/restate-sdk";
import { Profile } from "@shopnexus/contracts/account/profile";
import type { Letter } from "@shopnexus/contracts/common/letter";
import { Mail } from "@shopnexus/contracts/common/mail";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { pauseAfter } from "./rules.ts";

/** An outage of the mail server is waited out here, in ever longer pauses; the mail's own patience ends it. */
export const post: Handler<typeof Mail, "post"> = async (ctx, letter) => {
  const { email, displayName } = await addressOf(ctx, letter);
  for (let attempt = 0; ; attempt += 1) {
    const { state } = await call(ctx, Mail).deliver({ email, displayName, letter });
    if (state !== "queued") return {};
    await ctx.sleep(pauseAfter(attempt));
  }
};

type Address = { readonly email: string; readonly displayName: string | null };

const addressOf = async (ctx: restate.Context, { to }: Letter): Promise<Address> =>
  "email" in to
    ? { email: to.email, displayName: null }
    : call(ctx, Profile).contact({ accountId: to.accountId });
