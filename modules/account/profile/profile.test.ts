import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Profile } from "@shopnexus/contracts/account/profile";
import { freshId } from "@shopnexus/contracts/kit/id";
import type { StepScene } from "#modules/_kit/handler.ts";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asAccount, asAnyone, asModule, sceneOf } from "#tools/testkit/scene.ts";
import { register } from "../login/register.ts";
import { contact } from "./contact.ts";
import { edit } from "./edit.ts";
import { grant } from "./grant.ts";
import { lift } from "./lift.ts";
import { me } from "./me.ts";
import { openShop } from "./open-shop.ts";
import { standing } from "./standing.ts";
import { suspend } from "./suspend.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase("account");
});
afterAll(() => database.close());

const person = async (): Promise<StepScene> => {
  const input = { email: `${freshId("evt")}@example.com`, password: "correct horse", displayName: "Ada" };
  const { accountId } = await register(input, sceneOf(database.db, asAnyone));
  return sceneOf(database.db, asAccount(accountId));
};
const shop = () => `Shop ${freshId("evt")}`;

describe("Profile/me", () => {
  it("is the caller's own, with the roles held", async () => {
    const ada = await person();
    const own = Profile._handlers.me.output.parse(await me({}, ada));
    expect(own).toMatchObject({ displayName: "Ada", shopName: null, roles: ["account"] });
    expect(ada.who).toMatchObject({ accountId: own.accountId });
  });
});

describe("Profile/edit", () => {
  it("changes the display name of the caller and of nobody else; the same name again changes nothing", async () => {
    const [ada, bob] = [await person(), await person()];
    const edited = await edit({ displayName: "Ada L." }, ada);
    expect(edited).toEqual({ ...(await me({}, ada)), displayName: "Ada L." });
    expect(await edit({ displayName: "Ada L." }, ada)).toEqual(edited);
    expect((await me({}, bob)).displayName).toBe("Ada");
  });
});

describe("Profile/openShop", () => {
  it("makes the caller a seller; a repeat renames the shop and frees its old name", async () => {
    const [ada, bob] = [await person(), await person()];
    const [before, after] = [shop(), shop()];
    expect(await openShop({ shopName: before }, ada)).toMatchObject({
      shopName: before,
      roles: ["account", "seller"],
    });
    expect(await openShop({ shopName: after }, ada)).toMatchObject({
      shopName: after,
      roles: ["account", "seller"],
    });
    expect(await openShop({ shopName: before }, bob)).toMatchObject({ shopName: before });
  });

  it("the same name again, or in another case, stays the caller's", async () => {
    const ada = await person();
    const name = shop();
    await openShop({ shopName: name }, ada);
    expect((await openShop({ shopName: name.toUpperCase() }, ada)).shopName).toBe(name.toUpperCase());
  });

  it("another shop's name is refused in any case (SHOP_NAME_TAKEN), and the caller stays what they were", async () => {
    const [ada, bob] = [await person(), await person()];
    const name = shop();
    await openShop({ shopName: name }, ada);
    const taken = openShop({ shopName: name.toUpperCase() }, bob);
    await expect(taken).rejects.toMatchObject({ code: "SHOP_NAME_TAKEN" });
    expect(await me({}, bob)).toMatchObject({ shopName: null, roles: ["account"] });
  });

  it("eight at once for one name: one has it, seven are refused (SHOP_NAME_TAKEN)", async () => {
    const people = await Promise.all(Array.from({ length: 8 }, person));
    const name = shop();
    const ends = await Promise.allSettled(people.map((one) => openShop({ shopName: name }, one)));
    const reasons = ends.flatMap((end) => (end.status === "rejected" ? [end.reason.code] : []));
    expect(reasons).toEqual(Array.from({ length: 7 }, () => "SHOP_NAME_TAKEN"));
  });
});

describe("Profile/grant", () => {
  it("gives a role; again, and twice at once, nothing changes", async () => {
    const { accountId } = await me({}, await person());
    const operator = sceneOf(database.db, asModule("test"));
    const input = { accountId, role: "operator" } as const;
    const [granted] = await Promise.all([grant(input, operator), grant(input, operator)]);
    expect(granted).toMatchObject({ accountId, roles: ["account", "operator"] });
    expect(await grant(input, operator)).toEqual(granted);
  });

  it("an account that is not there is refused (ACCOUNT_UNKNOWN)", async () => {
    const nobody = grant(
      { accountId: freshId("acc"), role: "seller" },
      sceneOf(database.db, asModule("test")),
    );
    await expect(nobody).rejects.toMatchObject({ code: "ACCOUNT_UNKNOWN", status: 404 });
  });
});

const operator = () => sceneOf(database.db, asAccount(freshId("acc"), "operator"));
const there = () => sceneOf(database.db, asModule("order"));
const idOf = async (self: StepScene): Promise<string> => (await me({}, self)).accountId;

describe("Profile/suspend and lift", () => {
  it("again, and twenty at once, nothing changes: one suspension, for the first reason", async () => {
    const accountId = await idOf(await person());
    expect(await standing({ accountId }, there())).toEqual({ suspended: false });
    expect(await lift({ accountId }, operator())).toEqual({ suspended: false });
    await suspend({ accountId, reason: "first" }, operator());
    const again = Array.from({ length: 20 }, () => suspend({ accountId, reason: "later" }, operator()));
    for (const one of await Promise.all(again)) expect(one).toEqual({ suspended: true });
    const rows = await database.db.execute(
      sql`select reason, lifted_at from account.suspension where account_id = ${accountId}`,
    );
    expect(rows).toEqual([{ reason: "first", lifted_at: null }]);
    await Promise.all(Array.from({ length: 20 }, () => lift({ accountId }, operator())));
    expect(await standing({ accountId }, there())).toEqual({ suspended: false });
    expect(await standing({ accountId: freshId("acc") }, there())).toEqual({ suspended: false });
  });

  it("a repeat that comes late takes back nothing that was decided since", async () => {
    const accountId = await idOf(await person());
    const [suspending, lifting] = [operator(), operator()];
    await suspend({ accountId, reason: "first" }, suspending);
    await lift({ accountId }, lifting);
    expect(await suspend({ accountId, reason: "first" }, suspending)).toEqual({ suspended: false });
    await suspend({ accountId, reason: "second" }, operator());
    expect(await lift({ accountId }, lifting)).toEqual({ suspended: true });
    expect(await lift({ accountId }, operator())).toEqual({ suspended: false });
  });

  it("an account that is not there is refused (ACCOUNT_UNKNOWN)", async () => {
    const accountId = freshId("acc");
    const suspended = suspend({ accountId, reason: "none" }, operator());
    await expect(suspended).rejects.toMatchObject({ code: "ACCOUNT_UNKNOWN" });
    await expect(lift({ accountId }, operator())).rejects.toMatchObject({ code: "ACCOUNT_UNKNOWN" });
  });
});

describe("Profile/contact", () => {
  it("gives email and name of an account; one that is not there is refused (ACCOUNT_UNKNOWN)", async () => {
    const { accountId, email } = await me({}, await person());
    expect(await contact({ accountId }, there())).toEqual({ email, displayName: "Ada" });
    const nobody = contact({ accountId: freshId("acc") }, there());
    await expect(nobody).rejects.toMatchObject({ code: "ACCOUNT_UNKNOWN", status: 404 });
  });
});
