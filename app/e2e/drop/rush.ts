/** A rush: many accounts, made at once, who want few pieces, and what each of them does to get one. */
import { setTimeout as sleep } from "node:timers/promises";
import { AddressBook } from "@shopnexus/contracts/account/address-book";
import { connect, newAttemptId, type Shop } from "@shopnexus/contracts/client";
import { freshId } from "@shopnexus/contracts/kit/id";
import { DAY_MS, instant } from "@shopnexus/contracts/kit/time";
import { Checkout, type CheckoutView, PAYMENT_WINDOW_MS } from "@shopnexus/contracts/order/checkout";
import { readConfig } from "#app/config.ts";
import { signAccess } from "#modules/_kit/token.ts";
import { claimEarlier } from "#tools/testkit/earlier.ts";
import { knock, type Knock, type Reply } from "#tools/testkit/knock.ts";
import { ADDRESS, basketOf, type Buyer, checkOut, type Goods, payInBrowser } from "#tools/testkit/people.ts";
import type { TestShop } from "#tools/testkit/shop.ts";
import type { Turnstile } from "./turnstile.ts";

export type Rusher = Shop & { readonly accountId: string; readonly token: string };

/** Signed in, without the time that passwords take. */
export const rushers = async (shop: TestShop, count: number): Promise<Rusher[]> => {
  const { settings } = readConfig(shop.environment);
  const people = Array.from({ length: count }, () => ({
    accountId: freshId("acc"),
    sessionId: freshId("ses"),
  }));
  await shop.sql.begin(async (tx) => {
    const accounts = people.map(({ accountId }) => accountId);
    await tx`insert into account.account (account_id, email, password_hash, display_name)
      select id, id || '@example.com', 'none', 'Some Body' from unnest(${accounts}::text[]) as one(id)`;
    await tx`insert into account.session (session_id, account_id, token_secret, opened_at, expires_at)
      select session, account, 'none', now(), ${instant(Date.now() + DAY_MS)}
      from unnest(${people.map(({ sessionId }) => sessionId)}::text[], ${accounts}::text[]) as one(session, account)`;
  });
  return Promise.all(
    people.map(async (one) => {
      const token = await signAccess(settings, { ...one, roles: ["account"], nowMs: Date.now() });
      return {
        accountId: one.accountId,
        token,
        ...connect({ ingress: shop.ingressUrl, token: () => token }),
      };
    }),
  );
};

export type Rush = {
  readonly shop: TestShop;
  readonly edges: readonly string[];
  readonly dropId: string;
  readonly thing: Goods;
  readonly price: Goods["price"];
  /** So many requests are on their way at once; the others stand in line. */
  readonly turnstile: Turnstile;
  /** Who heard no and is patient asks again after so long. */
  readonly againMs: number;
  /** Who has a ticket looks at it so often. */
  readonly lookMs: number;
  /** An abandoned payment has so long left. */
  readonly abandonMs: number;
  /** Every answer, by code; 202 for who was let in. */
  readonly answers: Map<string, number>;
  readonly did: { left: number; opened: number; paid: number; abandoned: number; cancelled: number };
  isOver: boolean;
};

/** Patient: asks until the rush is over. Greedy: asks twice at once, at two doors, and again with the piece in hand. */
export type Habit = { readonly isPatient: boolean; readonly isGreedy: boolean };

/** Asks until it has what it wants, does not want it any more, or has heard no. */
export const rushIn = async (rush: Rush, who: Rusher, habit: Habit): Promise<void> => {
  for (;;) {
    const replies = await Promise.all([ask(rush, who), ...(habit.isGreedy ? [ask(rush, who)] : [])]);
    if (await useOne(rush, who, replies)) break;
    if (!habit.isPatient || rush.isOver) return;
    await sleep(rush.againMs);
  }
  if (habit.isGreedy) await ask(rush, who);
};

const useOne = async (rush: Rush, who: Rusher, replies: readonly Reply[]): Promise<boolean> => {
  for (const reply of replies.filter(isLetIn)) {
    if (await useTicket(rush, who, (reply.body as { ticketId: string }).ticketId)) return true;
  }
  return false;
};

const isLetIn = ({ status }: Reply): boolean => status === 202 || status === 200;

/** Always answered: a process that was killed midway says nothing, and the same is asked of another one. */
const ask = async (rush: Rush, who: Rusher): Promise<Reply> => {
  const body = JSON.stringify({ attemptId: newAttemptId(), skuId: rush.thing.skuId });
  for (let tries = 0; ; tries += 1) {
    const reply = await visit(rush, who, { tries, path: `/drops/${rush.dropId}/tickets`, body });
    if (reply !== undefined) {
      const said = isLetIn(reply) ? "202" : (reply.code ?? String(reply.status));
      rush.answers.set(said, (rush.answers.get(said) ?? 0) + 1);
      return reply;
    }
    await sleep(rush.lookMs);
  }
};

type Visit = Knock & { readonly tries: number; readonly path: string };

/** Undefined where nobody is there, or has anything to say. */
const visit = async (
  { edges, turnstile }: Rush,
  who: Rusher,
  { tries, path, ...sent }: Visit,
): Promise<Reply | undefined> => {
  const edge = edges[(Number.parseInt(who.accountId.slice(-4), 16) + tries) % edges.length] ?? "";
  const authorization = `Bearer ${who.token}`;
  const reply = await turnstile(() => knock(edge + path, { ...sent, authorization })).catch(() => undefined);
  return reply === undefined || reply.status === 0 || reply.status >= 500 ? undefined : reply;
};

/** Whether there is nothing more to do: paid, or not wanted any more. */
const useTicket = async (rush: Rush, who: Rusher, ticketId: string): Promise<boolean> => {
  if (!(await isAdmitted(rush, who, ticketId))) return false;
  const { did } = rush;
  if ((did.left + did.opened) % 10 === 2) {
    did.left += 1;
    return true;
  }
  // Of five payments one is abandoned; of twenty one is called off.
  const [turn, addressId] = [did.opened++, await addressOf(who)];
  const buyer = { ...who, addressId } as unknown as Buyer;
  const basket = basketOf(buyer, [{ ...rush.thing, price: rush.price }]);
  const order = { ...basket, lines: basket.lines.map((line) => ({ ...line, ticketId })) };
  const attempt = { accountId: who.accountId, attemptId: newAttemptId(), basket: order };
  if (turn % 5 === 1)
    await claimEarlier(rush.shop, { ...attempt, agoMs: PAYMENT_WINDOW_MS - rush.abandonMs });
  const end = turn % 5 === 1 ? "abandoned" : turn % 20 === 7 ? "cancelled" : "paid";
  const isDone = await persist(async () => {
    const view = await checkOut(buyer, order, attempt.attemptId);
    if (end === "cancelled") await who.call(Checkout, view.checkoutId).cancel({});
    if (end === "paid") await pay(rush, view);
    return true;
    // A ticket whose time was over first is refused; whoever has it asks for another.
  }).catch(() => false);
  if (isDone) did[end] += 1;
  return isDone;
};

const pay = async ({ shop }: Rush, view: CheckoutView): Promise<void> => {
  if (view.payment === null) return;
  const { ok, status } = await payInBrowser(shop.sandbox.url, view);
  if (!ok) throw new Error(`the gateway answered ${status}`);
};

/** A ticket that was let pass while a gate was wrong is not written down; it is waited for so many times. */
const UNKNOWN_COUNT_MAX = 25;

const isAdmitted = async (rush: Rush, who: Rusher, ticketId: string): Promise<boolean> => {
  for (let [tries, unknown] = [0, 0]; !rush.isOver && unknown < UNKNOWN_COUNT_MAX; tries += 1) {
    const reply = await visit(rush, who, { tries, path: `/tickets/${ticketId}`, method: "GET" });
    const { state } = (reply?.body ?? {}) as { state?: string };
    if (state !== undefined && state !== "waiting") return state === "admitted";
    if (reply?.status === 404) unknown += 1;
    await sleep(rush.lookMs);
  }
  return false;
};

const addressOf = (who: Rusher): Promise<string> =>
  persist(async () => (await who.call(AddressBook).add(ADDRESS)).addressId);

/** What a killed process did not answer is asked again; a refusal is an answer. */
const persist = async <T>(work: () => Promise<T>): Promise<T> => {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (typeof (error as { code?: unknown }).code === "string" && "status" in (error as object))
        throw error;
      await sleep(400);
    }
  }
};
