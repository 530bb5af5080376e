/** A whole shop in which orders were sold, sent and paid out as rows and entries, so that claims can be made of them at once. */
import { randomUUID } from "node:crypto";
import { Wallet } from "@shopnexus/contracts/account/wallet";
import type { Contract, In, Out } from "@shopnexus/contracts/kit/contract";
import { RefusalError } from "@shopnexus/contracts/kit/refusal";
import { Claim } from "@shopnexus/contracts/order/claim";
import type { ClaimView } from "@shopnexus/contracts/order/complaint";
import { type Database, openDatabase } from "#db/_kit/database.ts";
import { gatewayClient } from "#tools/testkit/gateway.ts";
import { type Buyer, buyer, type Person, type Seller, seller } from "#tools/testkit/people.ts";
import { openShop, type ShopOptions, type TestShop } from "#tools/testkit/shop.ts";
import { askOf, deliver, payOut, type Sale, sell, type Sold } from "../../claim/proof/stage.ts";

export type Stage = {
  readonly shop: TestShop;
  readonly db: Database["db"];
  readonly an: Seller;
  readonly binh: Seller;
  readonly mai: Buyer;
  /** Runs a step of any module as another module would. */
  ask<C extends Contract, K extends keyof C["_handlers"] & string>(
    contract: C,
    verb: K,
    input: In<C, K>,
  ): Promise<Out<C, K>>;
  post(entry: In<typeof Wallet, "post">): Promise<unknown>;
  stop(): Promise<void>;
};

export const openStage = async (options: ShopOptions = {}): Promise<Stage> => {
  const shop = await openShop(undefined, { logLevel: "warn", ...options });
  const database = openDatabase(shop.databaseUrl, { name: "test", poolSize: 4 });
  const [an, binh, mai] = await Promise.all([seller(shop), seller(shop), buyer(shop)]);
  const ask: Stage["ask"] = async (contract, verb, input) => {
    const steps = shop.app?.host.steps;
    const answer = await steps?.answer(contract, verb, { input, callKey: randomUUID(), caller: "order" });
    if (answer === undefined) throw new Error("the shop runs in this process");
    if ("refused" in answer) throw new RefusalError(answer.refused);
    return answer.value as never;
  };
  return {
    shop,
    db: database.db,
    an,
    binh,
    mai,
    ask,
    post: (entry) => ask(Wallet, "post", entry),
    stop: async () => {
      await database.close();
      await shop.stop();
    },
  };
};

/** A payment at the gateway that its buyer has made. */
export const payAt = async ({ shop }: Stage, minor: number, currency = "USD"): Promise<string> => {
  const { id } = await gatewayClient(shop).paymentIntents.create({
    amount: minor,
    currency: currency.toLowerCase(),
    payment_method: "pm_card_visa",
    confirm: true,
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
  });
  return id;
};

/** An order of Mai's whose goods were brought, or for which the seller was paid too. Paid at the gateway and from the wallet. */
export const boughtBy = async (
  stage: Stage,
  sale: Omit<Sale, "gatewayRef" | "buyerId">,
  isPaidOut: boolean | "brought" = "brought",
): Promise<Sold> => {
  const { db, mai } = stage;
  const total = sale.lines.reduce(
    (sum, { unitMinor = 1_000, pieces = 1, shippingMinor = 0, platformDiscountMinor = 0 }) =>
      sum + unitMinor * pieces - platformDiscountMinor + shippingMinor,
    0,
  );
  const gatewayMinor = total - (sale.walletMinor ?? 0);
  const gatewayRef = gatewayMinor > 0 ? await payAt(stage, gatewayMinor, sale.currency) : undefined;
  const paid = { ...sale, buyerId: mai.accountId, ...(gatewayRef !== undefined && { gatewayRef }) };
  const sold = await sell(db, paid, stage.post);
  for (const orderId of sold.orders.values()) {
    await deliver(db, orderId, stage.post);
    if (isPaidOut === true) await payOut(db, orderId, stage.post);
  }
  return sold;
};

/** What an account holds in the ledger. */
export const balanceOf = async ({ shop }: Stage, account: string, currency = "USD"): Promise<number> => {
  const [row] = await shop.sql`
    select coalesce(sum(minor), 0)::float8 as minor from account.entry_line
    where account = ${account} and currency = ${currency}`;
  return Number(row?.["minor"]);
};

/** Mai asks for one line of hers, or for what is said. */
export const claims = (
  { mai }: Stage,
  { orderId, lineId }: { readonly orderId: string; readonly lineId: string },
  rest: Parameters<typeof askOf>[2] = {},
): Promise<ClaimView> => mai.call(Claim).open(askOf(orderId, lineId, rest));

/** How a claim stands, asked by whoever may see it. */
export const standing = async (who: Person, refundId: string) => who.call(Claim).read({ refundId });

/** Waits until the run has ended. */
export const ended = async ({ shop }: Stage, refundId: string): Promise<number> => {
  const { status } = await fetch(`${shop.ingressUrl}/restate/workflow/Refund/${refundId}/attach`);
  return status;
};
