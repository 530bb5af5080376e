/** Who may read what, over HTTP as clients do: buyer, seller, their likes, operators, and whoever comes without a token. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { Profile } from "@shopnexus/contracts/account/profile";
import { type Database, openDatabase } from "#db/_kit/database.ts";
import { knock, type Reply } from "#tools/testkit/knock.ts";
import { operator, type Person, person, seller } from "#tools/testkit/people.ts";
import { openShop, type TestShop } from "#tools/testkit/shop.ts";
import { sell } from "./proof/stage.ts";

let shop: TestShop;
let database: Database;
let cast: Record<"buyer" | "seller" | "other buyer" | "other seller" | "operator" | "suspended", Person>;
let orderId: string;

beforeAll(async () => {
  shop = await openShop();
  database = openDatabase(shop.databaseUrl, { name: "test" });
  const [buyer, other, owner, rival, clerk, gone] = await Promise.all([
    person(shop),
    person(shop),
    seller(shop),
    seller(shop),
    operator(shop),
    seller(shop),
  ]);
  await clerk.call(Profile).suspend({ accountId: gone.accountId, reason: "A test." });
  cast = {
    buyer,
    seller: owner,
    "other buyer": other,
    "other seller": rival,
    operator: clerk,
    suspended: gone,
  };
  const parties = { buyerId: buyer.accountId, sellerId: owner.accountId };
  const [mine] = await sell(database.db, [
    { ...parties, lines: [{}] },
    { buyerId: other.accountId, sellerId: rival.accountId, lines: [{}] },
  ]);
  orderId = mine?.orderId ?? "";
});
afterAll(async () => {
  await database?.close();
  await shop?.stop();
});

const get = (path: string, who?: keyof typeof cast): Promise<Reply> =>
  knock(`${shop.edgeUrl("order")}${path}`, {
    method: "GET",
    authorization: who && `Bearer ${cast[who].tokens.accessToken}`,
  });

it("an order and its timeline are their buyer's, their seller's and operators'; for all others there is none", async () => {
  for (const path of [`/orders/${orderId}`, `/orders/${orderId}/timeline`]) {
    for (const who of ["buyer", "seller", "operator"] as const)
      expect([path, who, (await get(path, who)).status]).toEqual([path, who, 200]);
    for (const who of ["other buyer", "other seller"] as const)
      expect(await get(path, who)).toMatchObject({ status: 404, code: "ORDER_UNKNOWN" });
    expect(await get(path)).toMatchObject({ status: 401, code: "UNAUTHENTICATED" });
    expect(await get(path, "suspended")).toMatchObject({ status: 403, code: "ACCOUNT_SUSPENDED" });
  }
});

const range = "fromOn=2026-01-01&toOn=2026-12-31&currency=USD&zone=Europe/Berlin";
const SALES = [
  "/sales",
  "/sales/inbox?limit=5",
  "/sales/tabs",
  "/sales/pending",
  `/sales/summary?${range}`,
  `/sales/series?${range}&granularity=month`,
  `/sales/top?${range}&by=pieces&limit=3`,
];

it.each(SALES)("GET %s is for sellers, and each reads the own sales alone", async (path) => {
  const mine = await get(path, "seller");
  expect([path, mine.status]).toEqual([path, 200]);
  for (const id of [cast["other seller"].accountId, cast["other buyer"].accountId])
    expect(mine.text).not.toContain(id);
  for (const who of ["buyer", "operator"] as const)
    expect(await get(path, who)).toMatchObject({ status: 403, code: "FORBIDDEN" });
  expect(await get(path)).toMatchObject({ status: 401, code: "UNAUTHENTICATED" });
  expect(await get(path, "suspended")).toMatchObject({ status: 403, code: "ACCOUNT_SUSPENDED" });
});

it.each(["/orders?tab=to_confirm", "/checkouts?state=placed", "/checkouts"])(
  "GET %s gives each account what is its own",
  async (path) => {
    const mine = await get(path, "buyer");
    expect([path, mine.status]).toEqual([path, 200]);
    expect(mine.text).toContain(orderId);
    for (const who of ["seller", "other buyer", "operator"] as const)
      expect((await get(path, who)).text).not.toContain(orderId);
    expect(await get(path)).toMatchObject({ status: 401, code: "UNAUTHENTICATED" });
  },
);

it("tabs count what is the caller's own", async () => {
  const counted = async (who: keyof typeof cast) => (await get("/me/orders/tabs", who)).body;
  expect(await counted("buyer")).toMatchObject({ counts: { to_confirm: 1 } });
  expect(await counted("seller")).toMatchObject({ counts: { to_confirm: 0 } });
  expect(await get("/me/orders/tabs")).toMatchObject({ status: 401, code: "UNAUTHENTICATED" });
});

it("what makes no sense is told so at the place where it stands", async () => {
  for (const path of ["/sales?tab=mine", "/sales?limit=101", "/sales/summary?zone=here", "/orders?page=2"])
    expect(await get(path, "seller")).toMatchObject({ status: 400, code: "INVALID_INPUT" });
  const late = `/sales/series?${range.replace("2026-12-31", "2029-12-31")}&granularity=day`;
  expect(await get(late, "seller")).toMatchObject({ status: 422, code: "RANGE_TOO_LONG" });
});
