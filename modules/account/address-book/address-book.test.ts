import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Address, ADDRESS_COUNT_MAX, AddressBook } from "@shopnexus/contracts/account/address-book";
import { freshId } from "@shopnexus/contracts/kit/id";
import type { AccountPrincipal } from "#modules/_kit/principal.ts";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asAccount, asAnyone, asModule, sceneOf } from "#tools/testkit/scene.ts";
import { register } from "../login/register.ts";
import { add } from "./add.ts";
import { list } from "./list.ts";
import { origins } from "./origins.ts";
import { pick } from "./pick.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase("account");
});
afterAll(() => database.close());

const person = async (): Promise<AccountPrincipal> => {
  const input = { email: `${freshId("evt")}@example.com`, password: "correct horse", displayName: "Ada" };
  const { accountId } = await register(input, sceneOf(database.db, asAnyone));
  return asAccount(accountId) as AccountPrincipal;
};
const scene = (who: AccountPrincipal) => sceneOf(database.db, who);
const fields = {
  recipient: "Ada Lovelace",
  phone: "+442079460000",
  line1: "12 St James's Square",
  city: "London",
  postcode: "SW1Y 4JH",
  country: "GB",
};

describe("AddressBook/add and list", () => {
  it("the caller's addresses come newest first, and nobody else's among them", async () => {
    const [ada, bob] = [await person(), await person()];
    const first = await add(fields, scene(ada));
    const second = await add({ ...fields, line2: "Flat 2", region: "Greater London" }, scene(ada));
    await add(fields, scene(bob));
    const listed = AddressBook._handlers.list.output.parse(await list({}, scene(ada)));
    expect(listed).toEqual({ addresses: [second, first] });
    expect(Address.parse(first)).toEqual({ addressId: first.addressId, ...fields });
    expect(second).toMatchObject({ line2: "Flat 2", region: "Greater London" });
  });

  it("the same call again, even at once: the same address, counted once", async () => {
    const ada = await person();
    const once = scene(ada);
    const [one, other] = await Promise.all([add(fields, once), add(fields, once)]);
    expect(other).toEqual(one);
    expect(await add(fields, once)).toEqual(one);
    expect(await list({}, scene(ada))).toEqual({ addresses: [one] });
  });

  it("fifty fit, also when sixty come at once; the rest are refused (ADDRESS_BOOK_FULL)", async () => {
    const ada = await person();
    const calls = Array.from({ length: ADDRESS_COUNT_MAX + 10 }, () => add(fields, scene(ada)));
    const ends = await Promise.allSettled(calls);
    const reasons = ends.flatMap((end) => (end.status === "rejected" ? [end.reason.code] : []));
    expect(reasons).toEqual(Array.from({ length: 10 }, () => "ADDRESS_BOOK_FULL"));
    expect((await list({}, scene(ada))).addresses).toHaveLength(ADDRESS_COUNT_MAX);
  });

  it("a call that added the fiftieth may still come again", async () => {
    const ada = await person();
    for (let at = 1; at < ADDRESS_COUNT_MAX; at += 1) await add(fields, scene(ada));
    const last = scene(ada);
    const added = await add(fields, last);
    expect(await add(fields, last)).toEqual(added);
    await expect(add(fields, scene(ada))).rejects.toMatchObject({ code: "ADDRESS_BOOK_FULL" });
  });
});

describe("AddressBook/pick", () => {
  const there = () => sceneOf(database.db, asModule("order"));

  it("gives one address of one account", async () => {
    const ada = await person();
    const added = await add(fields, scene(ada));
    expect(await pick({ accountId: ada.accountId, addressId: added.addressId }, there())).toEqual(added);
  });

  it("an unknown one and somebody else's are refused alike (ADDRESS_UNKNOWN)", async () => {
    const [ada, bob] = [await person(), await person()];
    const { addressId } = await add(fields, scene(ada));
    for (const wanted of [
      { accountId: bob.accountId, addressId },
      { accountId: ada.accountId, addressId: freshId("adr") },
    ]) {
      await expect(pick(wanted, there())).rejects.toMatchObject({ code: "ADDRESS_UNKNOWN", status: 404 });
    }
  });
});

describe("AddressBook/origins", () => {
  it("the newest address of each account, in the order given; null for one that has none", async () => {
    const [ada, bob, eve] = [await person(), await person(), await person()];
    await add(fields, scene(ada));
    const newest = await add({ ...fields, line1: "1 New Street" }, scene(ada));
    const only = await add(fields, scene(bob));
    const accountIds = [bob.accountId, freshId("acc"), ada.accountId, eve.accountId, bob.accountId];
    const found = await origins({ accountIds }, sceneOf(database.db, asModule("order")));
    expect(AddressBook._handlers.origins.output.parse(found)).toEqual({
      origins: [only, null, newest, null, only].map((address, at) => ({
        accountId: accountIds[at],
        address,
      })),
    });
  });
});
