import { Supplier } from "@shopnexus/contracts/inventory/supplier";
import { freshId } from "@shopnexus/contracts/kit/id";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { brokenConstraint } from "#db/_kit/transaction.ts";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asAccount, sceneOf } from "#tools/testkit/scene.ts";
import { hook } from "./hook.ts";
import { list } from "./list.ts";
import { put } from "./put.ts";
import { unhook } from "./unhook.ts";

let base: TestDatabase;
const acme = { name: "Acme", email: "orders@acme.example", leadDays: 7 };
const url = "https://hooks.acme.example/orders";
const secretOf = (byte: number) => `whsec_${Buffer.alloc(24, byte).toString("base64")}`;
const someSeller = () => sceneOf(base.db, asAccount(freshId("acc"), "seller"));
const refused = (code: string, data?: object) => expect.objectContaining({ code, ...(data && { data }) });
const secretIn = async (supplierId: string) =>
  (
    await base.db
      .$client`select webhook_secret as secret from inventory.supplier where supplier_id = ${supplierId}`
  )[0];

beforeAll(async () => {
  base = await testDatabase("inventory");
});
afterAll(() => base.close());

describe("Supplier/hook", () => {
  it("has a supplier told by webhook, a new secret takes the place of the old one, and no read gives it back", async () => {
    const seller = someSeller();
    const { supplierId, ...rest } = await put(acme, seller);
    expect(rest).toEqual({ ...acme, channel: "mail", webhookUrl: null });
    const views = [];
    for (const byte of [1, 2, 2]) views.push(await hook({ supplierId, url, secret: secretOf(byte) }, seller));
    views.push(await put({ ...acme, leadDays: 3 }, seller), ...(await list({}, seller)).suppliers);
    expect(views[0]).toEqual({ ...acme, supplierId, channel: "webhook", webhookUrl: url });
    expect(views.slice(-2)).toEqual([
      { ...views[0], leadDays: 3 },
      { ...views[0], leadDays: 3 },
    ]);
    expect(JSON.stringify(views)).not.toContain("whsec_");
    expect(await secretIn(supplierId)).toEqual({ secret: secretOf(2) });
  });

  it("refuses what is no address of the public internet: WEBHOOK_URL_REFUSED, and says why", async () => {
    const seller = someSeller();
    const { supplierId } = await put(acme, seller);
    for (const [bad, fault] of [
      ["http://hooks.acme.example/", "scheme"],
      ["https://127.0.0.1/", "host"],
      ["https://us:them@hooks.acme.example/", "credentials"],
    ] as const)
      await expect(hook({ supplierId, url: bad, secret: secretOf(1) }, seller)).rejects.toThrow(
        refused("WEBHOOK_URL_REFUSED", { fault }),
      );
    const odd = { supplierId, url: `${url}\0`, secret: secretOf(1) };
    expect(Supplier._handlers.hook.input.safeParse(odd).success).toBe(false);
    expect((await list({}, seller)).suppliers).toMatchObject([{ channel: "mail", webhookUrl: null }]);
  });

  it("refuses somebody else's supplier, and one that there is not: SUPPLIER_UNKNOWN", async () => {
    const { supplierId } = await put(acme, someSeller());
    for (const id of [supplierId, freshId("spl")]) {
      const wanted = { supplierId: id, url, secret: secretOf(1) };
      await expect(hook(wanted, someSeller())).rejects.toThrow(refused("SUPPLIER_UNKNOWN"));
      await expect(unhook({ supplierId: id }, someSeller())).rejects.toThrow(refused("SUPPLIER_UNKNOWN"));
    }
  });
});

it("Supplier/unhook: has a supplier told by mail, as often as it is asked, and forgets address and secret", async () => {
  const seller = someSeller();
  const { supplierId } = await put(acme, seller);
  await hook({ supplierId, url, secret: secretOf(1) }, seller);
  for (const _ of [1, 2])
    expect(await unhook({ supplierId }, seller)).toEqual({
      ...acme,
      supplierId,
      channel: "mail",
      webhookUrl: null,
    });
  expect(await secretIn(supplierId)).toEqual({ secret: null });
});

it.each([
  ["supplier_channel_known", "set channel = 'pigeon'"],
  ["supplier_webhook_whole_or_none", "set channel = 'webhook', webhook_url = 'https://x.example/'"],
  ["supplier_webhook_whole_or_none", "set webhook_secret = 'whsec_'"],
])("inventory's table of suppliers refuses, by %s, to %s", async (constraint, change) => {
  const { supplierId } = await put(acme, someSeller());
  const statement = `update inventory.supplier ${change} where supplier_id = $1`;
  expect(await base.db.$client.unsafe(statement, [supplierId]).catch(brokenConstraint)).toBe(constraint);
});
