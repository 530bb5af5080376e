import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Profile } from "@shopnexus/contracts/account/profile";
import { freshId } from "@shopnexus/contracts/kit/id";
import type { StepScene } from "#modules/_kit/handler.ts";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asAccount, asAnyone, asModule, sceneOf } from "#tools/testkit/scene.ts";
import { register } from "../login/register.ts";
import { edit } from "./edit.ts";
import { grant } from "./grant.ts";
import { me } from "./me.ts";
import { openShop } from "./open-shop.ts";

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
