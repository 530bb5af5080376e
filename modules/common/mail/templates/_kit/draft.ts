/** What a letter says, before it is text or HTML: a subject and its parts, in order. */
import type { LetterOf, MailTemplate } from "@shopnexus/contracts/common/letter";

export type Part =
  | { readonly kind: "say"; readonly text: string }
  | { readonly kind: "quote"; readonly text: string }
  | { readonly kind: "fact"; readonly label: string; readonly value: string }
  | { readonly kind: "list"; readonly items: readonly string[] }
  | { readonly kind: "look"; readonly label: string; readonly link: string };

export type Draft = { readonly subject: string; readonly parts: readonly Part[] };

/** `export const orderPlaced: Template<"order_placed"> = ({ orderId, … }) => ({ … })`: facts in, words out. */
export type Template<T extends MailTemplate> = (facts: LetterOf<T>["data"]) => Draft;

/** A sentence or two of ours. */
export const say = (text: string): Part => ({ kind: "say", text });
/** What somebody else wrote, as it stands; nothing where nobody wrote anything. */
export const quote = (text: string): Part[] => (text.trim() === "" ? [] : [{ kind: "quote", text }]);
export const fact = (label: string, value: string): Part => ({ kind: "fact", label, value });
/** What was bought, a line each. */
export const list = (items: readonly { readonly title: string; readonly pieces: number }[]): Part => ({
  kind: "list",
  items: items.map(({ title, pieces }) => `${pieces} × ${title}`),
});
/** Where to look at it; nothing without an address. */
export const look = (label: string, link: string | undefined): Part[] =>
  link === undefined ? [] : [{ kind: "look", label, link }];
