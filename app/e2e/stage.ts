/** The people, the goods and the looks from outside that the journeys share. */
import { expect } from "vitest";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import { Checkout, type CheckoutState, type CheckoutView } from "@shopnexus/contracts/order/checkout";
import { Order } from "@shopnexus/contracts/order/order";
import { Promotion } from "@shopnexus/contracts/promotion/promotion";
import { DAY_MS, instant } from "@shopnexus/contracts/kit/time";
import type { z } from "zod";
import { restateSql } from "#app/restate-sql.ts";
import {
  basketOf,
  type Buyer,
  buyer,
  checkOut,
  type Goods,
  insider,
  payInBrowser,
  type Seller,
  seller,
} from "#tools/testkit/people.ts";
import type { TestShop } from "#tools/testkit/shop.ts";

export type Stage = {
  shop: TestShop;
  mai: Buyer;
  an: Seller;
  binh: Seller;
  /** What happens to the product while a buyer is between two of the journey's steps. */
  midway(): Promise<void>;
};

export const setStage = async (shop: TestShop, midway: (shop: TestShop) => Promise<void>): Promise<Stage> => {
  const [mai, an, binh] = await Promise.all([buyer(shop), seller(shop), seller(shop)]);
  return { shop, mai, an, binh, midway: () => midway(shop) };
};

/** Three things from two sellers, ten pieces of each. */
export const threeThings = async ({ an, binh }: Stage): Promise<Goods[]> => [
  await an.offer(1_999, 10),
  await an.offer(500, 10),
  await binh.offer(12_345, 10),
];

/** A platform promotion of a tenth off, by a code of its own. */
export const tenthOff = async ({ shop }: Stage, code: string): Promise<string> => {
  const now = Date.now();
  const { promotionId } = await (await insider(shop)).call(Promotion).launch({
    name: "A tenth off",
    code,
    discount: { kind: "percent", basisPoints: 1_000 },
    budget: { minor: 1_000_000, currency: "USD" },
    startsAt: instant(now - DAY_MS),
    endsAt: instant(now + DAY_MS),
  });
  return promotionId;
};

export const promotionOf = async ({ shop }: Stage, promotionId: string) =>
  (await insider(shop)).call(Promotion).read({ promotionId });

/** Opens a checkout of one thing, ready to be paid. */
export const openOne = async ({ mai, an }: Stage): Promise<{ thing: Goods; view: CheckoutView }> => {
  const thing = await an.offer(2_500, 5);
  const view = await checkOut(mai, basketOf(mai, [thing]));
  expect(view.state).toBe("awaiting_payment");
  return { thing, view };
};

export const pay = async ({ shop }: Stage, view: CheckoutView, method?: string): Promise<number> =>
  (await payInBrowser(shop.sandbox.url, view, method)).status;

export const look = ({ mai }: Stage, { checkoutId }: CheckoutView): Promise<CheckoutView> =>
  mai.call(Checkout, checkoutId).look({});

export const levelOf = ({ mai }: Stage, { skuId }: Goods) => mai.call(Stock).level({ skuId });

const REACH_WAIT_MS = 25_000;

/** Waits, without telling the shop anything, until the checkout stands so. */
export const reaches = async (
  { checkoutId }: CheckoutView,
  who: Buyer,
  state: z.infer<typeof CheckoutState>,
): Promise<void> => {
  const stateNow = async () => (await who.call(Order).viewCheckout({ checkoutId })).state;
  await expect.poll(stateNow, { timeout: REACH_WAIT_MS, interval: 100 }).toBe(state);
};

export const isPlaced = (stage: Stage, view: CheckoutView): Promise<void> =>
  reaches(view, stage.mai, "placed");

export const cancel = async (view: CheckoutView, who: Buyer): Promise<void> => {
  await who.call(Checkout, view.checkoutId).cancel({});
  await reaches(view, who, "abandoned");
};

type Intent = { id: string; status: string; amount_received: number; metadata: { checkout_id?: string } };

/** The payments that the gateway knows of a checkout. */
export const intentsOf = async ({ shop }: Stage, { checkoutId }: CheckoutView): Promise<Intent[]> => {
  const found: Intent[] = [];
  for (let after = ""; ; ) {
    const response = await fetch(`${shop.sandbox.url}/v1/payment_intents?limit=100${after}`, {
      headers: { authorization: `Bearer ${shop.secretKey}` },
    });
    const { data, has_more } = (await response.json()) as { data: Intent[]; has_more: boolean };
    found.push(...data.filter(({ metadata }) => metadata.checkout_id === checkoutId));
    if (!has_more) return found;
    after = `&starting_after=${data.at(-1)?.id}`;
  }
};

/** Makes Restate forget everything that is over of the components named. */
export const forget = async (stage: Stage, ...components: string[]): Promise<number> => {
  const names = components.map((name) => `'${name}'`).join(", ");
  const rows = await restateSql<{ id: string }>(
    stage.shop.adminUrl,
    `select id from sys_invocation where status = 'completed' and target_service_name in (${names})`,
  );
  for (const { id } of rows) {
    const response = await fetch(`${stage.shop.adminUrl}/invocations/${id}/purge`, { method: "PATCH" });
    expect(response.ok).toBe(true);
  }
  return rows.length;
};

/** What a finished checkout asked of Restate, in its order. Answers may come in any order; commands may not. */
export const journalShape = (stage: Stage, { checkoutId }: CheckoutView): Promise<string[]> =>
  restateSql<{ entry_type: string; name: string | null }>(
    stage.shop.adminUrl,
    `select j.entry_type, j.name from sys_journal j join sys_invocation i on i.id = j.id
     where i.target_service_name = 'Checkout' and i.target_handler_name = 'run'
     and i.target_service_key = '${checkoutId}' and j.entry_type like 'Command:%' order by j.index`,
  ).then((rows) => rows.map(({ entry_type, name }) => `${entry_type} ${name ?? ""}`.trim()));
