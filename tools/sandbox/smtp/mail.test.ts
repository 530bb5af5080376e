import { createTransport, type SendMailOptions } from "nodemailer";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStage, type Stage } from "../stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage[Symbol.asyncDispose]());

const box = () => stage.sandbox.mail;
const send = async (changes: SendMailOptions = {}) => {
  const transport = createTransport(box().url);
  try {
    return await transport.sendMail({
      from: "ShopNexus <shop@localhost>",
      to: "an@buyer.example",
      subject: "Xin chào",
      text: "Your parcel is on its way.",
      messageId: "<order-1.shipped@shop.example>",
      ...changes,
    });
  } finally {
    transport.close();
  }
};

test("a mail is kept as it was meant: letters, both bodies, attachments, headers", async () => {
  const content = Buffer.from([0, 1, 2, 255]);
  await send({
    html: "<p>On its <b>way</b>.</p>",
    headers: { "x-event": "shipped" },
    attachments: [{ filename: "label.pdf", content, contentType: "application/pdf" }],
  });
  expect(box().list()).toEqual([
    expect.objectContaining({
      from: "shop@localhost",
      to: ["an@buyer.example"],
      subject: "Xin chào",
      messageId: "<order-1.shipped@shop.example>",
      text: expect.stringContaining("on its way"),
      html: expect.stringContaining("<b>way</b>"),
      headers: expect.objectContaining({ "x-event": "shipped" }),
      attachments: [{ filename: "label.pdf", mimeType: "application/pdf", content }],
      receivedAt: expect.stringMatching(/Z$/),
    }),
  ]);
});

test("mails are listed by recipient, also a hidden one, and forgotten when told", async () => {
  await send();
  await send({ to: "binh@buyer.example", bcc: "chi@buyer.example", messageId: "<2@shop.example>" });
  type Listed = { mails: { to: string[] }[]; received: number };
  const list = (query: string) => stage.control<Listed>(`GET /sandbox/mails${query}`);
  expect((await list("?to=AN@buyer.example")).mails).toHaveLength(1);
  expect((await list("?to=chi@buyer.example")).mails).toMatchObject([
    { to: ["binh@buyer.example", "chi@buyer.example"] },
  ]);
  expect(box().list({ subject: "chào" })).toHaveLength(2);
  await stage.control("DELETE /sandbox/mails");
  expect((await list("")).received).toBe(0);
});

test.each([452, 550])(
  "refuse: the next mail is refused with %i and not kept, the one after it is taken",
  async (code) => {
    await stage.control("POST /sandbox/mails/faults", { refuse: 1, code });
    await expect(send()).rejects.toMatchObject({ responseCode: code });
    expect(box().list()).toEqual([]);
    await send();
    expect(box().list()).toHaveLength(1);
  },
);

test("drop: the mail is kept and its sender does not know, so that a repeat shows by its Message-ID", async () => {
  box().dropNext(1);
  await expect(send()).rejects.toThrow(/closed|ECONNRESET/);
  await send();
  expect(box().counts()).toEqual({
    received: 2,
    messageIds: 1,
    repeats: { "<order-1.shipped@shop.example>": 2 },
  });
  await send({ messageId: "<order-2@shop.example>" });
  expect(box().counts()).toMatchObject({ received: 3, messageIds: 2 });
});

test("a crowd of senders over pooled connections loses nothing", async () => {
  const transport = createTransport(`${box().url}/?pool=true`);
  const mails = Array.from({ length: 50 }, (_, n) => ({ ...LETTER, messageId: `<${n}@shop.example>` }));
  await Promise.all(mails.map((mail) => transport.sendMail(mail)));
  transport.close();
  expect(box().counts()).toEqual({ received: 50, messageIds: 50, repeats: {} });
});
const LETTER = { from: "shop@localhost", to: "an@buyer.example", subject: "x", text: "y" };

test("the page shows a mail as text and in a frame, and nothing of it is markup of ours", async () => {
  await send({
    subject: "<script>alert(1)</script>",
    html: "<p>hello</p>",
    attachments: [{ filename: "label.pdf", content: "%PDF", contentType: "application/pdf" }],
  });
  const get = async (path: string) => (await fetch(stage.sandbox.url + path)).text();
  const list = await get("/mails");
  expect(list).not.toContain("<script>");
  const [path = ""] = /\/mails\/mail_[0-9a-f]+/.exec(list) ?? [];
  expect(await get(path)).toContain('srcdoc="&lt;p&gt;hello');
  expect(await get(`${path}/attachments/0`)).toBe("%PDF");
  expect(await get("/mails/none")).toContain("unknown_mail");
});

test("stop ends it while a sender is connected", async () => {
  const other = await openStage();
  const transport = createTransport(`${other.sandbox.mail.url}/?pool=true`);
  await transport.sendMail(LETTER);
  await other[Symbol.asyncDispose]();
  await expect(createTransport(other.sandbox.mail.url).sendMail(LETTER)).rejects.toMatchObject({
    code: "ESOCKET",
  });
  transport.close();
});
