/** Sellers with a bank account, and money of their own to send there. Their shop has to be one whose modules are apart. */
import { Wallet } from "@shopnexus/contracts/account/wallet";
import { freshId } from "@shopnexus/contracts/kit/id";
import type { Money } from "@shopnexus/contracts/kit/money";
import { Earnings } from "@shopnexus/contracts/order/earnings";
import { gatewayClient } from "./gateway.ts";
import { insider, type Seller, seller } from "./people.ts";
import type { TestShop } from "./shop.ts";

export type Earner = Seller & {
  /** The account at the payout provider. */
  readonly destination: string;
};

/** Puts money into somebody's wallet, out of what the platform calls its losses. */
export const fund = async (shop: TestShop, accountId: string, { minor, currency }: Money): Promise<void> => {
  const entry = freshId("evt");
  await (await insider(shop)).call(Wallet).post({
    entryKey: `${entry}/fund`,
    kind: "adjustment",
    reference: entry,
    lines: [
      { account: "platform:losses", minor: -minor, currency },
      { account: `wallet:${accountId}`, minor, currency },
    ],
  });
};

/** Names where a seller is paid; an account that the provider has never heard of unless one is given. */
export const banked = async (
  self: Seller,
  currency: string,
  destination = `acct_${self.accountId.slice(4, 20)}`,
): Promise<void> => {
  await self.call(Earnings).putBank({ currency, holder: "Some Shop", destination, last4: "4242" });
};

/** A seller whose wallet holds so much, with a bank account for its currency. */
export const earner = async (shop: TestShop, amount: Money): Promise<Earner> => {
  const self = await seller(shop);
  const { id: destination } = await gatewayClient(shop).accounts.create({ type: "express" });
  await banked(self, amount.currency, destination);
  if (amount.minor > 0) await fund(shop, self.accountId, amount);
  return Object.assign(self, { destination });
};

/** Every transfer to somebody's account, in minor units: sent, and come back. */
export const transfersTo = async (
  shop: TestShop,
  destination: string,
): Promise<{ id: string; amount: number; reversed: number }[]> => {
  const { data } = await gatewayClient(shop).transfers.list({ destination, limit: 100 });
  return data.map(({ id, amount, amount_reversed }) => ({ id, amount, reversed: amount_reversed }));
};

/** What an account of the ledger holds, in minor units of one currency. */
export const heldBy = async (shop: TestShop, account: string, currency = "USD"): Promise<number> => {
  const [row] = await shop.sql<{ minor: number }[]>`
    select coalesce(sum(minor), 0)::float8 as minor from account.entry_line
    where account = ${account} and currency = ${currency}`;
  return row?.minor ?? 0;
};
