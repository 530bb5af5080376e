/**
 * Many orders at once, written by SQL: what as many lives of the shop would have left, for measuring and for auditing
 * the auditor. A fifth each: paid, delivered, paid out, refunded by half, cancelled.
 */
import type { Sql } from "postgres";

const SELLERS = 100;
const SKUS = 1_000;

/** Writes `count` orders of two lines each, all in one database; triggers are off meanwhile, as the rows are whole. */
export const makeOrders = async (sql: Sql, count: number): Promise<void> => {
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await tx`
      create temporary table life on commit drop as
      select g, g % 5 as stage, 1000 + (g % 7) * 100 as goods, 100 as carriage, (1000 + (g % 7) * 100) / 10 as commission,
        case when g % 3 = 0 then 50 else 0 end as gift, case when g % 2 = 0 then 30 else 0 end as borne, lpad(to_hex(g), 32, '0') as hex, 'acc_' || lpad(to_hex(g % ${SELLERS}::int + 1), 32, 'a') as seller,
        'acc_' || lpad(to_hex(g), 32, 'b') as buyer
      from generate_series(1, ${count}::int) g`;
    await tx`
      create temporary table piece on commit drop as
      select l.*, n, 'lin_' || lpad(to_hex(g * 2 + n), 32, '0') as line,
        'sku_' || lpad(to_hex((g * 2 + n) % ${SKUS}::int), 32, '0') as sku
      from life l cross join generate_series(0, 1) n`;
    await orderRows(tx as unknown as Sql);
    await moneyRows(tx as unknown as Sql);
    await ledgerRows(tx as unknown as Sql);
    await stockRows(tx as unknown as Sql);
  });
  await sql`analyze`;
};

/** What each stage has made of a line: 1, 2, 3 are sent; 2 is paid out; 3 has its first line refunded; 4 is cancelled. */
const orderRows = async (tx: Sql): Promise<void> => {
  await tx`
    insert into "order".checkout (checkout_id, account_id, attempt_id, basket_hash, state, total_minor, currency, address)
    select 'chk_' || hex, buyer, 'attempt-' || hex, repeat('0', 64), 'placed', 2 * (goods + carriage), 'USD', '{}' from life`;
  await tx`
    insert into "order"."order" (order_id, checkout_id, buyer_id, seller_id, state, total_minor, shipping_minor, currency,
      seller_currency, tab)
    select 'ord_' || hex, 'chk_' || hex, buyer, seller,
      (array['paid', 'delivered', 'fulfilled', 'delivered', 'cancelled'])[stage + 1],
      2 * (goods + carriage), 2 * carriage, 'USD', 'USD',
      (array['to_confirm', 'completed', 'completed', 'completed', 'cancelled'])[stage + 1] from life`;
  await tx`
    insert into "order".checkout_line (line_id, checkout_id, position, sku_id, listing_id, seller_id, title, pieces,
      unit_minor, discount_minor, platform_discount_minor, total_minor, order_id, state, pieces_back, shipping_minor, commission_minor, paid_minor,
      seller_carriage_minor, escrow_minor, carried_minor, released_minor, charged_minor, subsidized_minor, borne_minor,
      returned_minor, due_at)
    select line, 'chk_' || hex, n, sku, 'lst_' || hex, seller, 'A thing', 1, goods + gift, gift, gift, goods, 'ord_' || hex,
      case when stage = 3 and n = 0 then 'refunded'
        else (array['paid', 'delivered', 'fulfilled', 'delivered', 'cancelled'])[stage + 1] end,
      case when stage = 4 or (stage = 3 and n = 0) then 1 else 0 end, carriage, commission, goods + carriage, borne,
      case when stage = 0 then goods + carriage when stage = 1 or (stage = 3 and n = 1) then goods else 0 end,
      case when stage in (1, 2, 3) then carriage else 0 end,
      case when stage = 2 then goods else 0 end, case when stage = 2 then commission else 0 end,
      case when stage = 2 then gift else 0 end, case when stage = 2 then borne else 0 end,
      case when stage = 4 then goods + carriage when stage = 3 and n = 0 then goods else 0 end,
      now() + interval '2 days'
    from piece`;
};

const moneyRows = async (tx: Sql): Promise<void> => {
  await tx`
    insert into "order".line_money (key, line_id, order_id, kind, carried_minor)
    select 'shp_' || hex, line, 'ord_' || hex, 'carry', carriage from piece where stage in (1, 2, 3)`;
  await tx`
    insert into "order".line_money (key, line_id, order_id, kind, released_minor, commission_minor, subsidized_minor,
      borne_minor)
    select 'ord_' || hex || '/out', line, 'ord_' || hex, 'release', goods, commission, gift, borne from piece where stage = 2`;
  await tx`
    insert into "order".line_money (key, line_id, order_id, kind, returned_minor)
    select 'rfd_' || hex, line, 'ord_' || hex, 'return', case when stage = 4 then goods + carriage else goods end
    from piece where stage = 4 or (stage = 3 and n = 0)`;
  await tx`
    insert into "order".charge (charge_id, checkout_id, gateway, amount_minor, currency, state, gateway_ref, paid_minor,
      paid_currency, paid_ref)
    select 'chg_' || hex, 'chk_' || hex, 'stripe', 2 * (goods + carriage), 'USD', 'settled', 'pi_' || hex,
      2 * (goods + carriage), 'USD', 'pi_' || hex from life`;
  await tx`
    insert into "order".tender (checkout_id, charge_id, gateway, gateway_ref, account_id, currency, gateway_minor,
      wallet_minor, gateway_returned_minor)
    select 'chk_' || hex, 'chg_' || hex, 'stripe', 'pi_' || hex, buyer, 'USD', 2 * (goods + carriage), 0,
      case stage when 4 then 2 * (goods + carriage) when 3 then goods else 0 end from life`;
  await tx`
    insert into "order".give_back (key, checkout_id, order_id, gateway_minor, wallet_minor, state, paid_at)
    select 'rfd_' || hex, 'chk_' || hex, 'ord_' || hex,
      case stage when 4 then 2 * (goods + carriage) else goods end, 0, 'paid', now() from life where stage in (3, 4)`;
};

/** The same facts as entries: what came in, for carriage, to sellers, and back. */
const ledgerRows = async (tx: Sql): Promise<void> => {
  await tx`
    create temporary table fact on commit drop as
    select g, 1 as step, 'capture' as kind, 'chk_' || hex as reference, 'ent_' || lpad(to_hex(g * 8), 32, '0') as entry,
      'gateway:stripe' as source, -2 * (goods + carriage) as source_minor,
      'escrow:ord_' || hex as target, 2 * (goods + carriage) as target_minor, null as third, 0 as third_minor,
      0 as gift, 0 as borne from life
    union all
    select g, 2, 'shipping', 'ord_' || hex, 'ent_' || lpad(to_hex(g * 8 + 1), 32, '0'), 'escrow:ord_' || hex,
      -2 * carriage, 'platform:shipping', 2 * carriage, null, 0, 0, 0 from life where stage in (1, 2, 3)
    union all
    select g, 3, 'release', 'ord_' || hex, 'ent_' || lpad(to_hex(g * 8 + 2), 32, '0'), 'escrow:ord_' || hex,
      -2 * goods, 'wallet:' || seller, 2 * (goods + gift - commission - borne), 'platform:income', 2 * commission, 2 * gift,
      2 * borne from life where stage = 2
    union all
    select g, 4, 'refund', 'ord_' || hex, 'ent_' || lpad(to_hex(g * 8 + 3), 32, '0'), 'escrow:ord_' || hex,
      -case stage when 4 then 2 * (goods + carriage) else goods end, 'gateway:stripe',
      case stage when 4 then 2 * (goods + carriage) else goods end, null, 0, 0, 0 from life where stage in (3, 4)`;
  await tx`
    insert into account.entry (entry_id, entry_key, reference, kind, line_count, body_hash)
    select entry, entry, reference, kind, 2 + (third is not null)::int + (gift > 0)::int + (borne > 0)::int, repeat('0', 64) from fact`;
  await tx`
    insert into account.entry_line (entry_id, position, account, currency, minor)
    select entry, 0, source, 'USD', source_minor from fact
    union all select entry, 1, target, 'USD', target_minor from fact
    union all select entry, 2, third, 'USD', third_minor from fact where third is not null
    union all select entry, 3, 'platform:promotions', 'USD', -gift from fact where gift > 0
    union all select entry, 4, 'platform:shipping', 'USD', borne from fact where borne > 0`;
  await tx`
    insert into account.balance (account, currency, minor)
    select account, currency, sum(minor) from account.entry_line where account ~ '^(escrow|wallet):'
    group by account, currency`;
  await tx`
    insert into account.statement_line (account, currency, entry_id, minor, balance_after)
    select target, 'USD', entry, target_minor, sum(target_minor) over (partition by target order by g)
    from fact where kind = 'release' order by g`;
};

const stockRows = async (tx: Sql): Promise<void> => {
  await tx`
    create temporary table shelf on commit drop as
    select sku, min(seller) as seller, count(*) filter (where not (stage = 4 or (stage = 3 and n = 0))) as sold
    from piece group by sku`;
  await tx`
    insert into inventory.level (sku_id, seller_id, on_hand, held, sold) select sku, seller, sold + 1, 0, sold from shelf`;
  await tx`
    insert into inventory.location (location_id, seller_id, name, is_default)
    select distinct 'loc_' || md5(seller), seller, 'Main', true from shelf`;
  await tx`
    insert into inventory.shelf (sku_id, location_id, on_hand) select sku, 'loc_' || md5(seller), sold + 1 from shelf`;
  await tx`
    insert into inventory.movement
      (reference, sku_id, reason, on_hand_delta, held_delta, sold_delta, actor, location_id)
    select 'bulk', sku, 'receive', sold + 1, 0, 0, 'bulk', 'loc_' || md5(seller) from shelf`;
  await tx`
    insert into inventory.movement (reference, sku_id, reason, on_hand_delta, held_delta, sold_delta, actor)
    select 'bulk', sku, 'commit', 0, 0, sold, 'bulk' from shelf where sold > 0`;
  await tx`
    insert into inventory.serial (sku_id, serial, state, line_id)
    select sku, 'N-' || g, case when stage = 0 then 'taken' else 'shipped' end, line from piece where stage < 3 and n = 0`;
  await tx`
    insert into inventory.take (line_id, state, taken_at) select line_id, 'taken', now() from inventory.serial`;
  await tx`
    insert into inventory.setting (sku_id, takes_backorders, has_serials)
    select distinct sku_id, false, true from inventory.serial`;
  await tx`
    insert into inventory.serial (sku_id, serial)
    select sku_id, 'F-' || n from inventory.level join (
      select sku_id, count(*) as taken from inventory.serial group by sku_id
    ) as numbered using (sku_id), generate_series(1, on_hand - taken) n`;
  await tx`
    insert into inventory.serial_event (sku_id, serial, event, state, line_id, actor)
    select sku_id, serial, case state when 'taken' then 'take' when 'free' then 'add' else 'ship' end, state, line_id,
      'bulk'
    from inventory.serial`;
};
