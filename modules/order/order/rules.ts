/** What people read on the timeline: one sentence a fact. */
const SENTENCES = {
  checkout_opened: "The items are set aside and the buyer can pay.",
  payment_declined: "The payment was declined; the buyer may try again.",
  payment_received: "The gateway says that it was paid.",
  payment_settled: "The payment is as asked: the sale is certain.",
  payment_called_off: "The payment was called off; nothing was charged.",
  payment_returned: "What was paid went back to the buyer in full.",
  orders_placed: "The orders were placed with their sellers.",
  checkout_closed: "The checkout came to nothing, and everything set aside was given back.",
} as const;

export type TimelineFact = keyof typeof SENTENCES;

export const sentenceOf = (fact: TimelineFact, detail: string): string =>
  detail === "" ? SENTENCES[fact] : `${SENTENCES[fact].slice(0, -1)} (${detail}).`;

/** Groups lines by seller, sellers in the order of their ids: the same orders in every repeat. */
export const bySeller = <T extends { sellerId: string }>(
  lines: readonly T[],
): Array<{ sellerId: string; lines: T[] }> =>
  [...Map.groupBy(lines, ({ sellerId }) => sellerId)]
    .map(([sellerId, own]) => ({ sellerId, lines: own }))
    .toSorted((a, b) => (a.sellerId < b.sellerId ? -1 : 1));
