import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { migrateModule } from "#db/_kit/migrate.ts";
import { emptyDatabase } from "#tools/testkit/database.ts";
import { audit } from "./audit.ts";
import { makeOrders } from "./bulk.ts";
import { tell } from "./report.ts";

const ORDERS = 200;
let whole: string;

beforeAll(async () => {
  whole = await emptyDatabase();
  for (const module of ["account", "inventory", "order"]) await migrateModule(whole, module);
  const sql = postgres(whole, { max: 1, onnotice: () => undefined });
  await makeOrders(sql, ORDERS);
  await sql.end();
});

const auditOf = (url: string) => audit({ databaseUrls: { account: url, order: url, inventory: url } });

/** A copy of the whole in which one thing is not as it should be; triggers look away, constraints do not. */
const corrupted = async (statement: string): Promise<string> => {
  const name = `copy_${randomBytes(6).toString("hex")}`;
  const owner = postgres(inject("postgresUrl"), { max: 1 });
  await owner.unsafe(`create database ${name} template ${new URL(whole).pathname.slice(1)}`);
  await owner.end();
  const url = Object.assign(new URL(whole), { pathname: `/${name}` }).toString();
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  const { count } = await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    return tx.unsafe(statement);
  });
  await sql.end();
  expect(count, "the corruption has to change one row").toBe(1);
  return url;
};

const hex = (g: number): string => g.toString(16).padStart(32, "0");
/** By the fifths of `makeOrders`: 5 is paid, 1 delivered, 2 paid out, 3 refunded by half, 4 cancelled. */
const order = (g: number): string => `ord_${hex(g)}`;
const line = (g: number, n = 0): string => `lin_${hex(g * 2 + n)}`;
const entry = (g: number, step: number): string => `ent_${hex(g * 8 + step)}`;

describe("audit", () => {
  test("the books of many lives are clean, and every check has looked at something", async () => {
    const report = await auditOf(whole);
    expect(tell(report)).toContain("The books are clean.");
    expect(report.ok).toBe(true);
    const idle = report.checks.filter(({ looked }) => looked === 0).map(({ name }) => name);
    // No life that was made has set money of a wallet aside.
    expect(idle).toEqual(["wallet holds"]);
    expect(report.checks.find(({ name }) => name === "escrow")?.looked).toBe(ORDERS);
  });

  const corruptions: [what: string, statement: string, check: string, subject: string][] = [
    [
      "a minor unit more on one line of an entry",
      `update account.entry_line set minor = minor + 1 where entry_id = '${entry(5, 0)}' and position = 0`,
      "entries",
      entry(5, 0),
    ],
    [
      "a line of an entry is gone",
      `delete from account.entry_line where entry_id = '${entry(2, 2)}' and position = 2`,
      "entries",
      entry(2, 2),
    ],
    [
      "a whole entry is gone",
      `delete from account.entry where entry_id = '${entry(1, 1)}'`,
      "escrow",
      order(1),
    ],
    [
      "a balance is a minor unit off",
      `update account.balance set minor = minor + 1 where account = 'escrow:${order(5)}'`,
      "balances",
      `escrow:${order(5)} USD`,
    ],
    [
      "a balance is gone",
      `delete from account.balance where account = 'escrow:${order(1)}'`,
      "balances",
      `escrow:${order(1)} USD`,
    ],
    [
      "escrow is below what its order says",
      `update "order".checkout_line set escrow_minor = escrow_minor - 1, released_minor = released_minor + 1 where line_id = '${line(1)}'`,
      "escrow",
      order(1),
    ],
    [
      "a movement says more than its line",
      `update "order".line_money set released_minor = released_minor + 1 where line_id = '${line(2)}' and kind = 'release'`,
      "lines",
      order(2),
    ],
    [
      "a gift to a seller that the ledger knows nothing of",
      `with told as (update "order".line_money set subsidized_minor = 49 where line_id = '${line(12)}' and kind = 'release')
        update "order".checkout_line set subsidized_minor = 49 where line_id = '${line(12)}'`,
      "promotions",
      order(12),
    ],
    [
      "cashback that no line knows of",
      `with entry as (insert into account.entry select 'ent_${"e".repeat(32)}', 'more', reference, 'cashback', 2, body_hash
          from account.entry where entry_id = '${entry(2, 2)}')
        insert into account.entry_line (entry_id, position, account, currency, minor)
        values ('ent_${"e".repeat(32)}', 0, 'platform:promotions', 'USD', -7)`,
      "promotions",
      order(2),
    ],
    [
      "carriage that a seller paid, and its line says less",
      `with told as (update "order".line_money set borne_minor = 29 where line_id = '${line(12)}' and kind = 'release')
        update "order".checkout_line set borne_minor = 29 where line_id = '${line(12)}'`,
      "carriage",
      order(12),
    ],
    [
      "a movement that takes carriage from a seller, and its line has none of it",
      `update "order".line_money set borne_minor = 1 where line_id = '${line(7)}' and kind = 'release'`,
      "lines",
      order(7),
    ],
    [
      "carriage that a buyer paid, and somebody else has it",
      `update account.entry_line set account = 'platform:losses' where entry_id = '${entry(1, 1)}' and position = 1`,
      "carriage",
      order(1),
    ],
    [
      "an order that the ledger knows nothing of",
      `insert into "order"."order" select 'ord_${"f".repeat(32)}', checkout_id, buyer_id, 'acc_${"f".repeat(32)}', state, total_minor, currency, placed_at, shipping_minor, carrier, service, from_address, seller_currency, seller_rate, version, open_chargebacks, tab, changed_at from "order"."order" where order_id = '${order(5)}'`,
      "payments",
      `chk_${hex(5)}`,
    ],
    [
      "escrow of an order that is not there",
      `delete from "order"."order" where order_id = '${order(5)}'`,
      "escrow",
      order(5),
    ],
    [
      "a payment is a minor unit short",
      `update "order".tender set gateway_minor = gateway_minor - 1 where checkout_id = 'chk_${hex(5)}'`,
      "payments",
      `chk_${hex(5)}`,
    ],
    [
      "a charge is settled for nothing",
      `update "order".checkout set state = 'abandoned' where checkout_id = 'chk_${hex(5)}'`,
      "payments",
      `chg_${hex(5)}`,
    ],
    [
      "money back that no line knows of",
      `update "order".give_back set gateway_minor = gateway_minor + 1 where key = 'rfd_${hex(3)}'`,
      "money back",
      order(3),
    ],
    [
      "a tender that says more went back",
      `update "order".tender set gateway_returned_minor = gateway_returned_minor + 1 where checkout_id = 'chk_${hex(3)}'`,
      "money back",
      `chk_${hex(3)}`,
    ],
    [
      "a cancelled line keeps the buyer's money",
      `update "order".checkout_line set state = 'cancelled', state_at = now() - interval '1 hour' where line_id = '${line(5)}'`,
      "ends",
      line(5),
    ],
    [
      "a line whose time is long over",
      `update "order".checkout_line set due_at = now() - interval '1 hour' where line_id = '${line(5)}'`,
      "ends",
      line(5),
    ],
    [
      "a piece that is in no order",
      `update inventory.level set sold = sold + 1 where sku_id = 'sku_${hex(11)}'`,
      "pieces",
      `sku_${hex(11)}`,
    ],
    [
      "a piece that lies nowhere",
      `update inventory.shelf set on_hand = on_hand - 1 where sku_id = 'sku_${hex(11)}'`,
      "shelves",
      `sku_${hex(11)}`,
    ],
    [
      "a piece that nobody picked",
      `update inventory.shelf set picked = picked + 1 where sku_id = 'sku_${hex(11)}'`,
      "shelves",
      `sku_${hex(11)}`,
    ],
    [
      "a number whose history says otherwise",
      `update inventory.serial set state = 'damaged', line_id = null where serial = 'N-5'`,
      "serials",
      `sku_${hex(10)}`,
    ],
    [
      "a number that a line has, which put its numbers back",
      `update inventory.take set state = 'back', back_at = now() where line_id = '${line(5)}'`,
      "serials",
      `sku_${hex(10)}`,
    ],
    [
      "a movement that no level knows of",
      `update inventory.movement set on_hand_delta = on_hand_delta + 1 where sku_id = 'sku_${hex(11)}' and reason = 'receive'`,
      "levels",
      `sku_${hex(11)}`,
    ],
    [
      "a statement that tells another story",
      `update account.statement_line set balance_after = balance_after + 1 where entry_id = '${entry(2, 2)}'`,
      "statements",
      "wallet:",
    ],
    [
      "money held by no hold",
      `insert into account.balance values ('held:acc_${"c".repeat(32)}', 'USD', 1)`,
      "wallet holds",
      `held:acc_${"c".repeat(32)} USD`,
    ],
    [
      "a wallet below zero that owes nothing",
      `update account.balance set minor = -1 where account = 'wallet:acc_${"3".padStart(32, "a")}'`,
      "negatives",
      `wallet:acc_${"3".padStart(32, "a")} USD`,
    ],
  ];
  test.for(corruptions)("%s is named", async ([, statement, check, subject]) => {
    const report = await auditOf(await corrupted(statement));
    expect(report.ok).toBe(false);
    const found = report.checks.find(({ name }) => name === check);
    expect(found?.findings.map((finding) => finding.subject).join(" ")).toContain(subject);
    expect(tell(report)).toContain("NOT clean");
  });

  test("a number without a piece is named, and no book is wrong for it", async () => {
    const sku = `sku_${hex(10)}`;
    const report = await auditOf(
      await corrupted(`insert into inventory.serial (sku_id, serial) values ('${sku}', 'late')`),
    );
    expect(report.checks.find(({ name }) => name === "numbers")?.findings).toEqual([
      { subject: sku, says: expect.stringMatching(/^\d+ pieces on hand, \d+ numbers$/) },
    ]);
    expect(report.ok).toBe(true);
    expect(tell(report)).toContain("note   numbers");
  });
});
