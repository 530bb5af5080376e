/** A drop in front of a checkout, and the rows that a purchase from it leaves. */
import { Drop } from "@shopnexus/contracts/inventory/drop";
import { freshId } from "@shopnexus/contracts/kit/id";
import { DAY_MS, instant } from "@shopnexus/contracts/kit/time";
import { keptFor } from "#tools/testkit/gateway.ts";
import type { Goods, Seller } from "#tools/testkit/people.ts";
import type { TestShop } from "#tools/testkit/shop.ts";
import { usd } from "./stage.ts";

/** What a purchase of one piece of a drop's and one from the shelf leaves of both, and of its ticket. */
export type DropRows = {
  ticket: string;
  claims: string[];
  drop: { taken: number; sold: number; waiting: number };
  owned: number;
  level: { held: number; sold: number };
  shelf: { held: number; sold: number };
  drifted: number;
  escrow: number;
  ledger: number;
  charged: number;
};

/** One unit, announced by its seller, and room for one to wait. */
export const dropOf = async (an: Seller, { skuId }: Goods) => {
  const now = Date.now();
  return an.call(Drop).announce({
    dropId: freshId("drp"),
    skus: [{ skuId, units: 1, price: usd(500), waiting: 1 }],
    startsAt: instant(now - DAY_MS),
    endsAt: instant(now + DAY_MS),
    room: "queue",
    limit: 1,
  });
};

type DropTraces = { checkoutId: string; ticketId: string; rare: Goods; plain: Goods };

export const dropRowsOf = async (
  shop: TestShop,
  { checkoutId, ticketId, rare, plain }: DropTraces,
): Promise<DropRows> => {
  const { sql } = shop;
  const [ticket] = await sql`
    select ticket.state, taken, sold, waiting, entrant.pieces as owned
    from inventory.ticket join inventory.drop_sku using (drop_id, sku_id) join inventory.entrant using (drop_id, account_id)
    where ticket_id = ${ticketId}`;
  const claims = await sql<{ state: string }[]>`
    select state from inventory.ticket_claim where ticket_id = ${ticketId}`;
  const levelOf = async ({ skuId }: Goods) => {
    const [level] = await sql`select held::int, sold::int from inventory.level where sku_id = ${skuId}`;
    return { held: level?.["held"], sold: level?.["sold"] };
  };
  const { escrow, ledger } = await postedFor(shop, checkoutId);
  return {
    ticket: ticket?.["state"],
    claims: claims.map(({ state }) => state),
    drop: { taken: ticket?.["taken"], sold: ticket?.["sold"], waiting: ticket?.["waiting"] },
    owned: ticket?.["owned"],
    level: await levelOf(rare),
    shelf: await levelOf(plain),
    drifted: await driftOf(shop, [rare, plain]),
    escrow,
    ledger,
    charged: (await keptFor(shop, checkoutId)).kept,
  };
};

/** Levels that are not the sum of their movements. */
const driftOf = async ({ sql }: TestShop, goods: readonly Goods[]): Promise<number> => {
  const rows = await sql`
    select level.sku_id from inventory.level join inventory.movement using (sku_id)
    where sku_id in ${sql(goods.map(({ skuId }) => skuId))}
    group by level.sku_id having sum(held_delta) <> min(held) or sum(sold_delta) <> min(sold)`;
  return rows.length;
};

/** What a checkout has booked: into escrow, and in all, which is nothing. */
export const postedFor = async ({ sql }: TestShop, checkoutId: string) => {
  const lines = await sql<{ account: string; minor: number }[]>`
    select account, sum(minor)::int as minor from account.entry_line l join account.entry e using (entry_id)
    where e.reference = ${checkoutId} group by account`;
  const escrow = lines.filter(({ account }) => account.startsWith("escrow:"));
  return {
    escrow: escrow.reduce((sum, { minor }) => sum + minor, 0),
    ledger: lines.reduce((sum, { minor }) => sum + minor, 0),
  };
};
