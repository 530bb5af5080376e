import { Mail } from "@shopnexus/contracts/common/mail";
import { freshId } from "@shopnexus/contracts/kit/id";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "#tools/sandbox/server.ts";
import { type Person, operator, person } from "#tools/testkit/people.ts";
import { openModules, type SomeModules } from "#tools/testkit/some-modules.ts";
import { letterOf } from "./letters.ts";

let shop: SomeModules;
let sandbox: Sandbox;
let ours: Person;

beforeAll(async () => {
  sandbox = await startSandbox({ secretKey: "sk_test_post", webhookSecret: "whsec_test_post" });
  const variables = { SMTP_URL: sandbox.mail.url, EXCHANGE_API_URL: sandbox.rates.url };
  shop = await openModules(["account", "common"], variables);
  ours = await operator(shop);
});
afterAll(async () => {
  await shop.stop();
  await sandbox.stop();
});

const mailOf = async (messageKey: string) => (await ours.call(Mail).find({ keyPrefix: messageKey })).items[0];

it("Mail/post: an account gets its letter at the address it has", async () => {
  const buyer = await person(shop);
  await shop.ask(Mail, "post", { ...letterOf("order_placed"), to: { accountId: buyer.accountId } });
  const [mail] = sandbox.mail.list({ to: buyer.email });
  expect(mail?.subject).toBe("Thank you for your order");
  expect(mail?.headers["to"]).toContain("Some Body");
});

it("Mail/post: an account that there is not is refused: ACCOUNT_UNKNOWN", async () => {
  const letter = { ...letterOf("order_placed"), to: { accountId: freshId("acc") } };
  await expect(shop.ask(Mail, "post", letter)).rejects.toThrow("ACCOUNT_UNKNOWN");
});

it("Mail/post: keeps at it while the mail server refuses for now, and asks once for one mail", async () => {
  const letter = letterOf("order_placed");
  sandbox.mail.refuseNext(1, 452);
  await Promise.all([shop.ask(Mail, "post", letter), shop.ask(Mail, "post", letter)]);
  expect(await mailOf(letter.messageKey)).toMatchObject({ state: "sent", attempts: 2 });
  const { messageId } = (await mailOf(letter.messageKey)) ?? {};
  expect(sandbox.mail.list().filter((mail) => mail.messageId === `<${messageId}>`)).toHaveLength(1);
});

it("Mail/post: is done with what the mail server refuses for good", async () => {
  const letter = letterOf("order_placed");
  sandbox.mail.refuseNext(1, 550);
  await shop.ask(Mail, "post", letter);
  expect(await mailOf(letter.messageKey)).toMatchObject({ state: "refused", attempts: 1 });
});

it("Exchange/refresh: rates are there soon after the start", async () => {
  const count = async () => Number((await shop.sql`select count(*) from common.rate`)[0]?.["count"]);
  await expect.poll(count, { timeout: 10_000 }).toBeGreaterThan(2);
});
