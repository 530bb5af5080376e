/** A draft as the two bodies of a mail. Whatever stands in HTML went through `escape`; text needs none. */
import type { Draft, Part } from "./draft.ts";

export type Bodies = { readonly subject: string; readonly text: string; readonly html: string };

const SIGNATURE = "ShopNexus";

export const render = ({ subject, parts }: Draft): Bodies => ({
  subject,
  text: `${[...parts.map(asText), `-- \n${SIGNATURE}`].join("\n\n")}\n`,
  html: page(subject, parts.map(asHtml).join("\n")),
});

const asText = (part: Part): string => {
  if (part.kind === "say") return part.text;
  if (part.kind === "quote")
    return part.text
      .split("\n")
      .map((line) => `> ${line}`)
      .join("\n");
  if (part.kind === "fact") return `${part.label}: ${part.value}`;
  if (part.kind === "list") return part.items.map((item) => `- ${item}`).join("\n");
  return `${part.label}: ${part.link}`;
};

const asHtml = (part: Part): string => {
  if (part.kind === "say") return html`<p>${part.text}</p>`;
  if (part.kind === "quote") return html`<blockquote style="white-space:pre-wrap">${part.text}</blockquote>`;
  if (part.kind === "fact") return html`<p>${part.label}: <strong>${part.value}</strong></p>`;
  if (part.kind === "list") return `<ul>${part.items.map((item) => html`<li>${item}</li>`).join("")}</ul>`;
  return html`<p><a href="${part.link}">${part.label}</a></p>`;
};

const page = (subject: string, body: string): string =>
  `${html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${subject}</title></head>
<body style="font-family:sans-serif;max-width:40em;margin:auto">
<h1 style="font-size:1.3em">${subject}</h1>
`}${body}
<p style="color:#666">${SIGNATURE}</p>
</body>
</html>
`;

/** Markup of ours with values of theirs: every value is escaped, in text and in attributes alike. */
const html = (markup: TemplateStringsArray, ...values: readonly string[]): string =>
  markup.map((part, at) => (at === 0 ? part : escape(values[at - 1] ?? "") + part)).join("");

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escape = (value: string): string => value.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
