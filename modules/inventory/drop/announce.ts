import { randomBytes } from "node:crypto";
import { type Drop, DROP_WINDOW_MS, DropRefusals } from "@shopnexus/contracts/inventory/drop";
import { StockRefusals } from "@shopnexus/contracts/inventory/stock";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { sha256 } from "#modules/_kit/derive.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { moveLevel } from "../_kit/places.ts";
import { findLevel, type Sql, type TxSql } from "../stock/rows.ts";
import { inLockOrder, sellableOf } from "../stock/rules.ts";
import { mustFindWhole } from "./rows.ts";
import { hashOf, type Terms, timesRefusal, viewOf } from "./rules.ts";

const SEED_BYTES = 32;

export const announce: Step<typeof Drop, "announce"> = async (terms, { db, who }) => {
  const { accountId } = accountOf(who);
  const wrong = timesRefusal(terms);
  if (wrong !== undefined) throw wrong;
  const termsHash = hashOf(terms, accountId);
  await db.$client.begin(async (tx) => {
    if (await insertDrop(tx, { ...terms, sellerId: accountId, termsHash }))
      await setAside(tx, terms, accountId);
  });
  const { skus, ...row } = await mustFindWhole(db.$client, terms.dropId);
  if (row.termsHash !== termsHash) throw refuse(DropRefusals.DROP_DIFFERS, {});
  return viewOf(row, skus);
};

type Announced = Terms & { readonly sellerId: string; readonly termsHash: string };

/** Leans on drop_pkey. The dice are thrown here: a repeat keeps the seed of the first. */
const insertDrop = async (tx: TxSql, drop: Announced): Promise<boolean> => {
  const seed = randomBytes(SEED_BYTES).toString("hex");
  const rows = await tx`
    insert into inventory.drop (drop_id, seller_id, terms_hash, room, limit_pieces, window_ms, seed, seed_hash,
      starts_at, draws_at, ends_at)
    values (${drop.dropId}, ${drop.sellerId}, ${drop.termsHash}, ${drop.room}, ${drop.limit},
      ${drop.windowMs ?? DROP_WINDOW_MS}, ${seed}, ${sha256(seed)}, ${drop.startsAt}, ${drop.drawsAt ?? null},
      ${drop.endsAt})
    on conflict do nothing returning drop_id`;
  return rows.length > 0;
};

/** Takes the units off the shelf, all of them or none. */
const setAside = async (tx: TxSql, { dropId, skus }: Terms, sellerId: string): Promise<void> => {
  for (const { skuId, units, price, waiting } of inLockOrder(
    skus.map((sku) => ({ ...sku, pieces: sku.units })),
  )) {
    await beOwn(tx, skuId, sellerId);
    const move = {
      skuId,
      reason: "reserve",
      reference: dropId,
      actor: sellerId,
      heldDelta: units,
      soldDelta: 0,
    } as const;
    if (!(await moveLevel(tx, move))) throw await shortOf(tx, skuId, units);
    await tx`
      insert into inventory.drop_sku (drop_id, sku_id, price_minor, currency, units, places)
      values (${dropId}, ${skuId}, ${price.minor}, ${price.currency}, ${units}, ${waiting})`;
  }
};

const beOwn = async (tx: TxSql, skuId: string, sellerId: string): Promise<void> => {
  const own = await tx`select from inventory.level where sku_id = ${skuId} and seller_id = ${sellerId}`;
  if (own.length === 0) throw refuse(StockRefusals.SKU_UNKNOWN, { skuIds: [skuId] });
};

const shortOf = async (tx: TxSql, skuId: string, wanted: number) => {
  const level = await findLevel(tx as unknown as Sql, skuId);
  const available = level === undefined ? 0 : sellableOf(level);
  return refuse(StockRefusals.OUT_OF_STOCK, { short: [{ skuId, wanted, available }] });
};
