/** Attempts that were begun a while ago: their windows end when a test has the time for it. */
import { instant } from "@shopnexus/contracts/kit/time";
import type { Basket } from "@shopnexus/contracts/order/basket";
import { canonical, deriveId, sha256 } from "#modules/_kit/derive.ts";
import type { TestShop } from "./shop.ts";

export type EarlierAttempt = {
  readonly accountId: string;
  readonly attemptId: string;
  readonly basket: Basket;
  readonly agoMs: number;
};

/** Claims the attempt as if the buyer had come so long ago; whoever checks out with it now is met by that claim. */
export const claimEarlier = async (
  { sql }: Pick<TestShop, "sql">,
  earlier: EarlierAttempt,
): Promise<void> => {
  const { accountId, attemptId, basket, agoMs } = earlier;
  await sql`insert into "order".checkout (checkout_id, account_id, attempt_id, basket_hash, claimed_at)
    values (${deriveId("chk", accountId, attemptId)}, ${accountId}, ${attemptId}, ${sha256(canonical(basket))},
      ${instant(Date.now() - agoMs)})`;
};
