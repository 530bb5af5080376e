/** What the ledger and people are told of a chargeback, of values alone. */
import type { In, Out } from "@shopnexus/contracts/kit/contract";
import type { Wallet } from "@shopnexus/contracts/account/wallet";
import type { Letter } from "@shopnexus/contracts/common/letter";
import type { Chargeback, ChargebackNews } from "@shopnexus/contracts/order/chargeback";
import type { z } from "zod";
import { type Entry, reinstateEntry, returnEntry, rewardAgainEntry, unrewardEntry } from "../_kit/entries.ts";

export type Taken = NonNullable<Out<typeof Chargeback, "take">["taken"]>;
type Posting = In<typeof Wallet, "post">;

/** What one order gave, as its entry was or will be made of it. */
const returnsOf = (chargebackId: string, { gateway, shares }: Taken) =>
  shares.map(({ orderId, sellerId, currency, sellerCurrency, sellerRate, totals }) => ({
    key: `${chargebackId}/${orderId}`,
    kind: "chargeback" as const,
    party: { orderId, sellerId, currency, sellerCurrency, sellerRate },
    totals,
    to: [{ account: `gateway:${gateway}`, minor: totals.returnedMinor }],
  }));

type Moved = { readonly from: string; readonly to: string; readonly minor: number };

const between = (
  head: Pick<Posting, "entryKey" | "kind">,
  { checkoutId, currency }: Pick<Taken, "checkoutId" | "currency">,
  { from, to, minor }: Moved,
): Entry[] =>
  minor === 0
    ? []
    : [
        {
          ...head,
          reference: checkoutId,
          lines: [
            { account: from, minor: -minor, currency },
            { account: to, minor, currency },
          ],
        },
      ];

/** Out of the lines of each order, and for refunds that wait with the platform, to the gateway whose bank has it. */
export const takenEntries = (chargebackId: string, taken: Taken): Entry[] => [
  ...returnsOf(chargebackId, taken).flatMap((returned) => [
    ...returnEntry(returned),
    ...unrewardEntry(returned, taken.buyerId),
  ]),
  ...between({ entryKey: `${chargebackId}/suspense`, kind: "chargeback" }, taken, {
    from: "platform:suspense",
    to: `gateway:${taken.gateway}`,
    minor: taken.suspenseMinor,
  }),
];

/** The same the other way round. */
export const reinstatedEntries = (chargebackId: string, taken: Taken): Entry[] => [
  ...returnsOf(chargebackId, taken).flatMap((returned) => [
    ...reinstateEntry(returned),
    ...rewardAgainEntry(returned, taken.buyerId),
  ]),
  ...between({ entryKey: `${chargebackId}/suspense/reinstate`, kind: "chargeback" }, taken, {
    from: `gateway:${taken.gateway}`,
    to: "platform:suspense",
    minor: taken.suspenseMinor,
  }),
];

type Refund = Out<typeof Chargeback, "reinstate">["refunds"][number];

/** A refund that waited with the platform while a bank asked for the money, and was made after all. */
export const lateRefundEntries = (refund: Refund): Entry[] =>
  between({ entryKey: `${refund.key}/late`, kind: "refund" }, refund, {
    from: "platform:suspense",
    to: `gateway:${refund.gateway}`,
    minor: refund.gatewayMinor,
  });

/** What a bank left of refunds that were left to it. */
export const owedEntries = (chargebackId: string, taken: Taken, minor: number): Entry[] =>
  between({ entryKey: `${chargebackId}/owed`, kind: "refund" }, taken, {
    from: "platform:suspense",
    to: `wallet:${taken.buyerId}`,
    minor,
  });

type News = z.infer<typeof ChargebackNews>;

/** Each seller hears of their own share. */
export const chargebackLetters = (
  chargebackId: string,
  taken: Taken,
  { status, reason }: Pick<News, "status" | "reason">,
): Letter[] =>
  taken.shares.map(({ orderId, sellerId, currency, totals }) => {
    const amount = { minor: totals.returnedMinor, currency };
    const head = { messageKey: `${chargebackId}/${orderId}/${status}`, to: { accountId: sellerId } };
    return status === "open"
      ? { ...head, template: "chargeback_opened" as const, data: { orderId, amount, reason } }
      : { ...head, template: "chargeback_closed" as const, data: { orderId, amount, outcome: status } };
  });
