/** A rush: many accounts, made at once, who want few pieces, and what each of them does to get one. */
import { setTimeout as sleep } from "node:timers/promises";
import { AddressBook } from "@shopnexus/contracts/account/address-book";
import { connect, newAttemptId, type Shop } from "@shopnexus/contracts/client";
import { Ticket } from "@shopnexus/contracts/inventory/ticket";
import { freshId } from "@shopnexus/contracts/kit/id";
import { DAY_MS, instant } from "@shopnexus/contracts/kit/time";
import { Checkout } from "@shopnexus/contracts/order/checkout";
import { readConfig } from "#app/config.ts";
import { signAccess } from "#modules/_kit/token.ts";
import { knock, type Reply } from "#tools/testkit/knock.ts";
import { ADDRESS, basketOf, type Buyer, checkOut, type Goods, payInBrowser } from "#tools/testkit/people.ts";
import type { TestShop } from "#tools/testkit/shop.ts";

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
  /** Every last answer, by code; 202 for who was let in. */
  readonly answers: string[];
  isOver: boolean;
};

/** buys: pays at once. leaves: does nothing with a ticket. cancels: opens a checkout, and calls it off. */
export type Habit = { readonly does: "buys" | "leaves" | "cancels"; readonly isPatient: boolean };

const AGAIN_MS = 400;

/** Asks until it has bought, has left what it got, or has heard no; who is patient asks until the rush is over. */
export const rushIn = async (rush: Rush, who: Rusher, habit: Habit): Promise<void> => {
  for (let said = ""; ; await sleep(AGAIN_MS)) {
    const reply = await ask(rush, who);
    said = reply.status === 202 || reply.status === 200 ? "202" : (reply.code ?? "none");
    const isDone = said === "202" && (await useTicket(rush, who, { habit, reply }));
    if (isDone || !habit.isPatient || rush.isOver) {
      rush.answers.push(said);
      return;
    }
  }
};

/** A process that was killed midway answers nothing: the same is asked of another one. */
const ask = async ({ edges, dropId, thing }: Rush, who: Rusher): Promise<Reply> => {
  const body = JSON.stringify({ attemptId: newAttemptId(), skuId: thing.skuId });
  for (let tries = 0; ; tries += 1) {
    const edge = edges[(Number.parseInt(who.accountId.slice(-4), 16) + tries) % edges.length];
    const url = `${edge}/drops/${dropId}/tickets`;
    const reply = await knock(url, { authorization: `Bearer ${who.token}`, body }).catch(() => undefined);
    if (reply !== undefined && reply.status !== 0 && reply.status < 500) return reply;
    await sleep(AGAIN_MS);
  }
};

type Chance = { readonly habit: Habit; readonly reply: Reply };

/** Whether there is nothing more to do: bought, or not wanted any more. */
const useTicket = async (rush: Rush, who: Rusher, { habit, reply }: Chance): Promise<boolean> => {
  const { ticketId } = reply.body as { ticketId: string };
  if (!(await isAdmitted(rush, who, ticketId))) return false;
  if (habit.does === "leaves") return true;
  const view = await checkOutWith(rush, who, ticketId);
  if (view === undefined) return false;
  if (habit.does === "cancels") {
    await who.call(Checkout, view.checkoutId).cancel({});
    return true;
  }
  await payInBrowser(rush.shop.sandbox.url, view);
  return true;
};

const isAdmitted = async (rush: Rush, who: Rusher, ticketId: string): Promise<boolean> => {
  while (!rush.isOver) {
    const state = await who
      .call(Ticket)
      .read({ ticketId })
      .then(
        (ticket) => ticket.state,
        () => "waiting",
      );
    if (state !== "waiting") return state === "admitted";
    await sleep(AGAIN_MS);
  }
  return false;
};

/** Undefined where the ticket's time was over first. */
const checkOutWith = async ({ thing, price }: Rush, who: Rusher, ticketId: string) => {
  const attemptId = newAttemptId();
  const addressId = await persist(async () => (await who.call(AddressBook).add(ADDRESS)).addressId);
  const basket = basketOf({ ...who, addressId } as unknown as Buyer, [{ ...thing, price }]);
  const lines = basket.lines.map((line) => ({ ...line, ticketId }));
  return persist(() => checkOut(who as unknown as Buyer, { ...basket, lines }, attemptId)).catch(
    () => undefined,
  );
};

/** What a killed process did not answer is asked again; a refusal is an answer. */
const persist = async <T>(work: () => Promise<T>): Promise<T> => {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (typeof (error as { code?: unknown }).code === "string" && "status" in (error as object))
        throw error;
      await sleep(AGAIN_MS);
    }
  }
};
