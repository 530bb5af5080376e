import type { Letter } from "@shopnexus/contracts/common/letter";
import { freshId } from "@shopnexus/contracts/kit/id";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { brokenConstraint } from "#db/_kit/transaction.ts";
import { type Sandbox, startSandbox } from "#tools/sandbox/server.ts";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asAccount, asModule, sceneOf } from "#tools/testkit/scene.ts";
import { testSettings } from "#tools/testkit/settings.ts";
import { deliver } from "./deliver.ts";
import { find } from "./find.ts";
import { letterOf } from "./proof/letters.ts";
import { scriptedServer } from "./proof/server.ts";

let base: TestDatabase;
let sandbox: Sandbox;
const from = "ShopNexus <mail@shop.example>";
/** No address is a shop without a mail server. */
const scene = (smtpUrl: string = sandbox.mail.url) =>
  sceneOf(base.db, asModule("common"), {
    settings: { ...testSettings, ...(smtpUrl !== "" && { mail: { smtpUrl, from } }) },
  });
const operator = () => sceneOf(base.db, asAccount(undefined, "operator"));
const delivered = (letter: Letter, smtpUrl?: string) =>
  deliver({ email: "some@body.example", displayName: 'Some "B" Body', letter }, scene(smtpUrl));
const rowOf = async (messageKey: string) => (await find({ keyPrefix: messageKey }, operator())).items[0];
const letter = () => letterOf("order_placed");
const dearer = (messageKey: string) =>
  letterOf("order_placed", { total: { minor: 999_999, currency: "EUR" } }, messageKey);

beforeAll(async () => {
  base = await testDatabase("common");
  sandbox = await startSandbox({ secretKey: "sk_test_mail", webhookSecret: "whsec_test_mail" });
});
beforeEach(() => sandbox.mail.clear());
afterAll(async () => {
  await sandbox.stop();
  await base.close();
});

describe("Mail/deliver", () => {
  it("hands the letter over, in text and HTML, from us to its addressee", async () => {
    const one = letter();
    expect(await delivered(one)).toEqual({ state: "sent" });
    const [mail] = sandbox.mail.list();
    expect(mail).toMatchObject({
      from: "mail@shop.example",
      to: ["some@body.example"],
      subject: "Thank you for your order",
    });
    expect(mail?.text).toContain("1,234.50 EUR");
    expect(mail?.html).toContain("<strong>1,234.50 EUR</strong>");
    const row = await rowOf(one.messageKey);
    expect(row).toMatchObject({ state: "sent", attempts: 1, reason: null, template: "order_placed" });
    expect(mail?.messageId).toBe(`<${row?.messageId}>`);
  });

  it("the same key is one mail, twenty at once and with other facts", async () => {
    const one = letter();
    await Promise.all(Array.from({ length: 20 }, () => delivered(one)));
    expect((await rowOf(one.messageKey))?.state).toBe("sent");
    expect(await delivered(dearer(one.messageKey))).toEqual({ state: "sent" });
    expect(sandbox.mail.counts()).toMatchObject({ received: 1, messageIds: 1 });
  });

  it("what the server refuses for now stays queued, and goes later as it was first asked for", async () => {
    const one = letter();
    sandbox.mail.refuseNext(1, 452);
    expect(await delivered(one)).toEqual({ state: "queued" });
    expect((await rowOf(one.messageKey))?.reason).toContain("452");
    expect(await delivered(dearer(one.messageKey))).toEqual({ state: "sent" });
    expect(sandbox.mail.list()[0]?.text).toContain("1,234.50 EUR");
    expect(await rowOf(one.messageKey)).toMatchObject({ attempts: 2, reason: null });
  });

  it("what the server refuses for good is refused, and not tried again", async () => {
    const one = letter();
    sandbox.mail.refuseNext(1, 550);
    for (const _ of [1, 2]) expect(await delivered(one)).toEqual({ state: "refused" });
    expect(await rowOf(one.messageKey)).toMatchObject({ state: "refused", attempts: 1, sentAt: null });
    expect((await rowOf(one.messageKey))?.reason).toContain("550");
    expect(sandbox.mail.counts().received).toBe(0);
  });

  it("a server that is away keeps it queued", async () => {
    const one = letter();
    expect(await delivered(one, "smtp://127.0.0.1:1")).toEqual({ state: "queued" });
    expect((await rowOf(one.messageKey))?.reason).toContain("ECONNREFUSED");
  });

  it.each([
    ["refused", { RCPT: "550 nobody here" }],
    ["refused", { DATA: "554 not this" }],
    ["refused", { ".": "554 not this" }],
    ["queued", { RCPT: "450 not now" }],
    ["queued", { MAIL: "550 not from you" }],
    ["queued", { AUTH: "535 who are you?" }],
    ["queued", { greeting: "554 closed" }],
    ["sent", {}],
  ])(
    "is %s by a server that says %j: only a word about the mail itself is for ever",
    async (state, script) => {
      const server = await scriptedServer(script);
      const one = letter();
      expect(await delivered(one, server.url)).toEqual({ state });
      const [said = ""] = Object.values(script);
      expect((await rowOf(one.messageKey))?.reason ?? "").toContain(said);
      await server.stop();
    },
  );

  it("a connection that drops before the answer sends it again under the same Message-ID", async () => {
    const one = letter();
    sandbox.mail.dropNext(1);
    expect(await delivered(one)).toEqual({ state: "queued" });
    expect(await delivered(one)).toEqual({ state: "sent" });
    expect(sandbox.mail.counts()).toMatchObject({ received: 2, messageIds: 1 });
  });

  it("a process that died with it in hand holds it up for a while only", async () => {
    const one = letter();
    sandbox.mail.refuseNext(1, 452);
    await delivered(one);
    const inHandFor = (minutes: number) => base.db.$client`
      update common.mail set claimed_until = now() + ${minutes} * interval '1 minute'
      where message_key = ${one.messageKey}`;
    await inHandFor(1);
    expect(await delivered(one)).toEqual({ state: "queued" });
    await inHandFor(-1);
    expect(await delivered(one)).toEqual({ state: "sent" });
  });

  it("gives up what no server took for five days", async () => {
    const one = letter();
    sandbox.mail.refuseNext(2, 452);
    await delivered(one);
    await base.db.$client`
      update common.mail set queued_at = now() - interval '6 days' where message_key = ${one.messageKey}`;
    for (const _ of [1, 2]) expect(await delivered(one)).toEqual({ state: "refused" });
    expect(sandbox.mail.counts().received).toBe(0);
  });

  it("is skipped in a shop without a mail server, for good", async () => {
    const one = letter();
    expect(await delivered(one, "")).toEqual({ state: "skipped" });
    expect(await delivered(one)).toEqual({ state: "skipped" });
    expect(sandbox.mail.counts().received).toBe(0);
  });
});

describe("Mail/find", () => {
  it("finds mails by the beginning of their key and by state, newest first, by page", async () => {
    const keyPrefix = `${freshId("ord")}/50%_`;
    const keys = [1, 2, 3].map((at) => `${keyPrefix}${at}`);
    for (const [at, key] of keys.entries()) {
      await delivered(letterOf("order_placed", {}, key), at === 1 ? "" : undefined);
    }
    const first = await find({ keyPrefix, limit: 2 }, operator());
    expect(first.items.map(({ messageKey }) => messageKey)).toEqual([keys[2], keys[1]]);
    const second = await find({ keyPrefix, limit: 2, after: first.next ?? "" }, operator());
    expect(second).toEqual({ items: [expect.objectContaining({ messageKey: keys[0] })] });
    const skipped = await find({ keyPrefix, state: "skipped" }, operator());
    expect(skipped.items.map(({ messageKey }) => messageKey)).toEqual([keys[1]]);
  });

  it("a cursor that no page gave is INVALID_INPUT", async () => {
    await expect(find({ after: "first" }, operator())).rejects.toThrow(
      expect.objectContaining({ code: "INVALID_INPUT" }),
    );
  });
});

it.each([
  ["mail_state_known", "update common.mail set state = 'lost', sent_at = null where message_key = $1"],
  ["mail_sent_has_time", "update common.mail set sent_at = null where message_key = $1"],
  ["mail_attempts_never_below_zero", "update common.mail set attempts = -1 where message_key = $1"],
])("common's table of mails refuses, by %s: %s", async (constraint, statement) => {
  const one = letter();
  await delivered(one);
  expect(await base.db.$client.unsafe(statement, [one.messageKey]).catch(brokenConstraint)).toBe(constraint);
});
