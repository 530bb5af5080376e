/** SQL that keeps one row a message: who has it in hand, and what became of it. */
import { HOOK_ATTEMPT_COUNT_MAX } from "@shopnexus/contracts/inventory/hook";
import type { HookEvent, HookState } from "@shopnexus/contracts/inventory/purchase";
import type { Sql, TxSql } from "../stock/rows.ts";
import type { Outcome } from "./receiver/port.ts";
import { CLAIM_MS } from "./rules.ts";

/** Which message. */
export type Ref = { readonly purchaseId: string; readonly event: HookEvent };

/**
 * Queues what is told of an order when it is sent. One that is there and not delivered goes again at once, with as many
 * attempts as a new one. Leans on hook_once_an_event.
 */
export const queueHook = async (tx: TxSql, purchaseId: string): Promise<void> => {
  await tx`
    insert into inventory.hook (purchase_id, event, attempt_limit)
    values (${purchaseId}, 'sent', ${HOOK_ATTEMPT_COUNT_MAX})
    on conflict (purchase_id, event) do update set state = 'queued', next_at = now(), changed_at = now(),
      attempt_limit = hook.attempts + ${HOOK_ATTEMPT_COUNT_MAX}
    where hook.state <> 'delivered'`;
};

/** What is still queued is not told any more: not of a cancelled order, nor of one that goes by mail now. */
export const dropHook = async (tx: TxSql, purchaseId: string): Promise<void> => {
  await tx`
    update inventory.hook set state = 'dropped', changed_at = now()
    where purchase_id = ${purchaseId} and event = 'sent' and state = 'queued'`;
};

/**
 * Queues that an order is cancelled, for a system that may have heard of it: an attempt was made, and it is still told.
 * It waits for the one that
 * is under way, which it would otherwise overtake. Leans on hook_once_an_event.
 */
export const queueCancel = async (tx: TxSql, purchaseId: string): Promise<void> => {
  await dropHook(tx, purchaseId);
  await tx`
    insert into inventory.hook (purchase_id, event, attempt_limit, next_at)
    select purchase_id, 'cancelled', ${HOOK_ATTEMPT_COUNT_MAX}, greatest(now(), claimed_until)
    from inventory.hook join inventory.purchase using (purchase_id) join inventory.supplier using (supplier_id)
    where purchase_id = ${purchaseId} and event = 'sent' and attempts > 0 and supplier.channel = 'webhook'
    on conflict do nothing`;
};

export type Claimed = {
  attempts: number;
  attemptLimit: number;
  code: string;
  /** Of the supplier as it is told now; null when it is told by mail. */
  url: string | null;
  secret: string | null;
};

/** Takes a message in hand; undefined when it is not queued, not due, or in other hands. Leans on hook_once_an_event. */
export const claimHook = async (tx: Sql, { purchaseId, event }: Ref): Promise<Claimed | undefined> => {
  const rows = await tx<Claimed[]>`
    update inventory.hook set attempts = attempts + 1, claimed_until = now() + ${CLAIM_MS} * interval '1 ms', changed_at = now()
    from inventory.purchase join inventory.supplier using (supplier_id)
    where hook.purchase_id = ${purchaseId} and hook.event = ${event} and purchase.purchase_id = hook.purchase_id
      and hook.state = 'queued' and hook.next_at <= now() and coalesce(hook.claimed_until <= now(), true)
    returning hook.attempts, hook.attempt_limit as "attemptLimit", purchase.code, webhook_url as url, webhook_secret as secret`;
  return rows[0];
};

export type Attempted = { readonly attempts: number; readonly outcome: Outcome; readonly waitMs: number };

/** Lets a message out of hand, with what became of it. One that was dropped meanwhile stays so. Leans on hook_once_an_event. */
export const closeHook = async (
  tx: Sql,
  { purchaseId, event }: Ref,
  { attempts, outcome, waitMs }: Attempted,
): Promise<void> => {
  const ends = { delivered: "delivered", refused: "failed", deferred: "queued" } as const;
  await tx`
    update inventory.hook set claimed_until = null, changed_at = now(), next_at = now() + ${waitMs} * interval '1 ms',
      reason = ${"reason" in outcome ? outcome.reason : null},
      state = case
        when state <> 'queued' then state
        when ${outcome.state} = 'deferred' and attempts >= attempt_limit then 'failed'
        else ${ends[outcome.state]}
      end
    where purchase_id = ${purchaseId} and event = ${event} and attempts = ${attempts}`;
};

type Found = {
  state: HookState;
  waitMs: number;
  failure: { sellerId: string; attempts: number; reason: string } | null;
};

/** What became of it, and when it is due. Leans on hook_once_an_event. */
export const findHook = async (tx: Sql, { purchaseId, event }: Ref): Promise<Found> => {
  const rows = await tx<Found[]>`
    select hook.state, greatest(1, ceil(extract(epoch from greatest(next_at, claimed_until) - now()) * 1000))::float8 as "waitMs",
      case when hook.state = 'failed'
        then json_build_object('sellerId', seller_id, 'attempts', attempts, 'reason', reason) end as failure
    from inventory.hook join inventory.purchase using (purchase_id)
    where purchase_id = ${purchaseId} and event = ${event}`;
  return rows[0] ?? { state: "dropped", waitMs: 0, failure: null };
};
