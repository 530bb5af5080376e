import { newId, seconds } from "../money/shapes.ts";
import { StripeRefusal } from "../wire/errors.ts";
import { page } from "../wire/lists.ts";
import { choice, metadata, only, text } from "../wire/params.ts";
import type { Operation, World } from "../world.ts";
import { type Account, accountShape, closed, reopened } from "./shapes.ts";

// Taken, and mostly not looked at: no account here is ever asked for more.
const KNOWN = new Set([
  "business_profile",
  "business_type",
  "capabilities",
  "company",
  "controller",
  "country",
  "default_currency",
  "email",
  "external_account",
  "individual",
  "metadata",
  "settings",
  "tos_acceptance",
  "type",
]);
const LIST = new Set(["limit", "starting_after", "ending_before", "created"]);
const TYPES = ["custom", "express", "none", "standard"] as const;

export const createAccount: Operation = ({ world, params }): Account => {
  only(params, KNOWN);
  const account = accountShape({
    id: newId("acct"),
    created: seconds(world.now()),
    type: choice(params, "type", TYPES) ?? "express",
    country: text(params, "country") ?? "US",
    default_currency: text(params, "default_currency") ?? "usd",
    email: text(params, "email") ?? null,
    metadata: metadata(params),
  });
  world.accounts.put(account);
  return account;
};

export const retrieveAccount: Operation = ({ world, id }): Account => {
  const account = world.accounts.get(id);
  if (account !== undefined) return account;
  throw new StripeRefusal(
    403,
    {
      type: "invalid_request_error",
      code: "account_invalid",
      message: `The provided key does not have access to account '${id}' (or that account does not exist).`,
    },
    false,
  );
};

export const listAccounts: Operation = ({ world, params }) => {
  only(params, LIST);
  return page(world.accounts, params, { url: "/v1/accounts", keeps: () => true });
};

/** Whether an account may be paid from now on; one that nobody made here is taken to exist. */
export const setClosed = (world: World, id: string, isClosed: boolean): Account => {
  const before = world.accounts.get(id) ?? accountShape({ id, created: seconds(world.now()) });
  const account = isClosed ? closed(before) : reopened(before);
  world.accounts.put(account);
  return account;
};
