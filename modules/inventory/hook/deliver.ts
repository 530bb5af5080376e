import { type Hook, HOOK_ATTEMPT_COUNT_MAX } from "@shopnexus/contracts/inventory/hook";
import type { Step, StepScene } from "#modules/_kit/handler.ts";
import { findPurchase } from "../purchase/rows.ts";
import type { Outcome } from "./receiver/port.ts";
import { signedReceiver } from "./receiver/signed.ts";
import { type Claimed, claimHook, closeHook, findHook, type Ref } from "./rows.ts";
import { bodyOf, messageIdOf, pauseAfter } from "./rules.ts";

export const deliver: Step<typeof Hook, "deliver"> = async (ref, scene) => {
  await attempt(ref, scene);
  return findHook(scene.db.$client, ref);
};

/**
 * Takes the message in hand, sends it, writes down what became of it: not one transaction, as the world outside has none.
 * Cut off between them it stays in hand for a while, and then goes again under the same id.
 */
const attempt = async (ref: Ref, scene: StepScene): Promise<void> => {
  const { db, settings } = scene;
  const mine = await claimHook(db.$client, ref);
  if (mine === undefined) return;
  const { attempts, attemptLimit } = mine;
  const outcome = await told(ref, mine, scene);
  const inThisRound = attempts - attemptLimit + HOOK_ATTEMPT_COUNT_MAX;
  const waitMs = pauseAfter(inThisRound, settings.deadlines.hookMs);
  await closeHook(db.$client, ref, { attempts, outcome, waitMs });
};

const told = async (
  { purchaseId, event }: Ref,
  { url, secret, code }: Claimed,
  { db, settings }: StepScene,
): Promise<Outcome> => {
  if (url === null || secret === null)
    return { state: "refused", reason: "The supplier is told by mail now." };
  const view = await findPurchase(db.$client, { purchaseId });
  const receiver = signedReceiver({ url, secret }, { allow: settings.wayOut?.allow ?? [] });
  return receiver.send({ messageId: messageIdOf(purchaseId, event), body: bodyOf(event, code, view) });
};
