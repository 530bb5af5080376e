/** Establishes who calls, and whether the operation is for them. The one place where `who` is enforced. */
import { Login } from "@shopnexus/contracts/account/login";
import type { Card, Out } from "@shopnexus/contracts/kit/contract";
import { CommonRefusals, RefusalError, refuse } from "@shopnexus/contracts/kit/refusal";
import type { Steps } from "./invocation.ts";
import type { Principal } from "./principal.ts";
import type { AuthSettings } from "./settings.ts";
import { verifyToken } from "./token.ts";

/** Gives the principal that `header` proves, once it may do what `card` is for; refuses otherwise. */
export type Authenticate = (card: Card, header: string | undefined, callKey: string) => Promise<Principal>;

const ANYONE: Principal = { kind: "anyone" };

export const authenticator =
  (auth: AuthSettings, steps: Steps): Authenticate =>
  async (card, header, callKey) => {
    if (card.who === "anyone") return ANYONE;
    if (card.who === "module") return moduleOnly(auth, header);
    const principal = await bearer(auth, header);
    admit(card, principal);
    if (principal.kind === "account") await beLive(steps, principal.sessionId, callKey);
    return principal;
  };

/** Whoever is not one of our modules is told nothing but that there is nothing here. */
const moduleOnly = async (auth: AuthSettings, header: string | undefined): Promise<Principal> => {
  const verified = header === undefined ? undefined : await verifyToken(auth, tokenOf(header));
  if (verified === undefined || "fault" in verified || verified.principal.kind !== "module") {
    throw refuse(CommonRefusals.NOT_FOUND, {});
  }
  return verified.principal;
};

const bearer = async (auth: AuthSettings, header: string | undefined): Promise<Principal> => {
  if (header === undefined || header === "")
    throw refuse(CommonRefusals.UNAUTHENTICATED, { reason: "missing" });
  const verified = await verifyToken(auth, tokenOf(header));
  if ("fault" in verified) throw refuse(CommonRefusals.UNAUTHENTICATED, { reason: verified.fault });
  return verified.principal;
};

const tokenOf = (header: string): string => header.replace(/^Bearer /i, "");

/** Our own modules may do what operators may; they have no account to buy or sell with. */
const admit = ({ who }: Card, principal: Principal): void => {
  const isAdmitted =
    principal.kind === "module"
      ? who === "operator"
      : principal.kind === "account" && (who === "account" || principal.roles.some((role) => role === who));
  if (!isAdmitted) throw refuse(CommonRefusals.FORBIDDEN, { needs: who });
};

const beLive = async (steps: Steps, sessionId: string, callKey: string): Promise<void> => {
  const answer = await steps.answer(Login, "live", {
    input: { sessionId },
    callKey: `${callKey}/live`,
    caller: "kit",
  });
  if ("refused" in answer) throw new RefusalError(answer.refused);
  const { live, suspended } = answer.value as Out<typeof Login, "live">;
  if (!live) throw refuse(CommonRefusals.UNAUTHENTICATED, { reason: "revoked" });
  if (suspended) throw refuse(CommonRefusals.ACCOUNT_SUSPENDED, {});
};
