/** Who is calling, as the wrapper established it; a replay sees the same answer. */
import type { Role } from "@shopnexus/contracts/account/login";
import { assert } from "./assert.ts";

export type AccountPrincipal = {
  readonly kind: "account";
  readonly accountId: string;
  readonly sessionId: string;
  readonly roles: readonly Role[];
};

export type Principal =
  | { readonly kind: "anyone" }
  | AccountPrincipal
  | { readonly kind: "module"; readonly module: string };

/** The caller's account; the wrapper has made sure that operations for accounts have one. */
export const accountOf = (who: Principal): AccountPrincipal => {
  assert(who.kind === "account", "operations for accounts are only reached by accounts");
  return who;
};

/** How the caller is named in an audit trail. */
export const actorOf = (who: Principal): string => {
  if (who.kind === "account") return who.accountId;
  return who.kind === "module" ? `module:${who.module}` : "anyone";
};
