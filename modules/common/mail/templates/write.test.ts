import { MAIL_TEMPLATES } from "@shopnexus/contracts/common/letter";
import { prose, text } from "@shopnexus/contracts/kit/word";
import fc from "fast-check";
import { expect, test } from "vitest";
import { letterOf } from "../proof/letters.ts";
import { amountOf, timeOf } from "./_kit/words.ts";
import { write } from "./write.ts";

/** What a reader of the HTML sees: its tags taken out, its entities read. */
const seen = (html: string): string =>
  html.replace(/<[^>]*>/g, " ").replace(/&(lt|gt|quot|#39|amp);/g, (_all, name: string) => SIGNS[name] ?? "");
const SIGNS: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', "#39": "'", amp: "&" };
const tagsOf = (html: string): string[] => [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag);

test.each(MAIL_TEMPLATES)("the letter %s says the same in text and in HTML", (template) => {
  const { subject, text: plain, html } = write(letterOf(template));
  expect(subject).toMatch(/^[^\r\n]+$/);
  for (const body of [plain, html]) expect(body).not.toMatch(/undefined|null|NaN|\[object/);
  const words = plain.replaceAll(/https:\S+/g, "").match(/[A-Za-z0-9_.,]{3,}/g) ?? [];
  expect(words.length).toBeGreaterThan(1);
  for (const word of words) expect(seen(html)).toContain(word);
});

const nasty = `<img src=x onerror="alert('1')"> & </p><script>`;

test("what others wrote is escaped in HTML, in text and in attributes, and stands as it is in text", () => {
  const items = [{ title: nasty, pieces: 1 }];
  const link = `https://shop.example/?a='b'&c="><script>`;
  const { text: plain, html } = write(letterOf("lines_rejected", { items, reason: nasty, link }));
  const harmless = write(letterOf("lines_rejected"));
  expect(tagsOf(html).length).toBe(tagsOf(harmless.html).length);
  expect(html).not.toContain("<script");
  expect(html).toContain('href="https://shop.example/?a=&#39;b&#39;&amp;c=&quot;&gt;&lt;script&gt;"');
  expect(plain).toContain(`- 1 × ${nasty}`);
  expect(plain).toContain(`> ${nasty}`);
});

test("whatever a subject and a message say, the HTML has no other tags, and shows them whole", () => {
  const anySubject = fc
    .string({ minLength: 1, maxLength: 60 })
    .filter((one) => text(120).safeParse(one).success);
  const anyMessage = fc
    .array(fc.constantFrom("<", ">", "&", '"', "'", "a", " ", "&lt;", "</h1>"), { maxLength: 20 })
    .map((parts) => `m${parts.join("")}`)
    .filter((one) => prose(200).safeParse(one).success);
  const plainTags = tagsOf(write(letterOf("operator_alert", { subject: "s", message: "m" })).html);
  fc.assert(
    fc.property(anySubject, anyMessage, (subject, message) => {
      const { html } = write(letterOf("operator_alert", { subject, message }));
      expect(tagsOf(html)).toEqual(plainTags);
      expect(seen(html)).toContain(message);
    }),
  );
});

test("a letter has no empty link and no empty quote", () => {
  const { html, text: plain } = write(letterOf("lines_cancelled", { link: undefined, reason: " " }));
  expect(html).not.toMatch(/<a |<blockquote/);
  expect(plain).not.toMatch(/^>|See the order/m);
});

test("an amount has the decimals of its currency, a time its zone", () => {
  const amount = (minor: number, currency: string) => amountOf({ minor, currency });
  expect(amount(123_456_789, "EUR")).toBe("1,234,567.89 EUR");
  expect(amount(25_000, "VND")).toBe("25,000 VND");
  expect(amount(5, "USD")).toBe("0.05 USD");
  expect(amount(-100, "USD")).toBe("-1.00 USD");
  expect(amount(1_234, "KWD")).toBe("1.234 KWD");
  expect(amount(0, "JPY")).toBe("0 JPY");
  expect(timeOf("2026-03-01T12:30:59.999Z")).toBe("2026-03-01 12:30 UTC");
});
