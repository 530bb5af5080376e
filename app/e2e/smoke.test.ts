import { expect, test } from "vitest";
import { Profile } from "@shopnexus/contracts/account/profile";
import { person } from "#tools/testkit/people.ts";
import { openShop, WHOLE } from "#tools/testkit/shop.ts";

test("smoke", async () => {
  const shop = await openShop({ ...WHOLE, groups: [["account", "common", "inventory", "order", "promotion"]] }, { logLevel: "warn" });
  const who = await person(shop);
  expect(await who.call(Profile).me({})).toMatchObject({ accountId: who.accountId });
  console.log(await (await fetch(`${shop.edgeUrl()}/me`)).text());
  console.log(await (await fetch(`${shop.edgeUrl()}/me`, {headers:{authorization:`Bearer ${who.tokens.accessToken}`}})).text());
  console.log(await (await fetch(`${shop.ingressUrl}/Profile/me`, {method:"POST", body: "{nope", headers:{"content-type":"application/json", authorization:`Bearer ${who.tokens.accessToken}`}})).text());
  console.log(await (await fetch(`${shop.ingressUrl}/Login/register`, {method:"POST", body: "{\"email\":1}", headers:{"content-type":"application/json"}})).text());
  console.log(await (await fetch(`${shop.ingressUrl}/Login/live`, {method:"POST", body: "{}", headers:{"content-type":"application/json"}})).text());
  console.log(await (await fetch(`${shop.edgeUrl()}/openapi.json`)).text().then(t=>t.length));
  await shop.stop();
});
