/** Codes by the hundred thousand: each brings one promotion to one checkout. */
import { z } from "zod";
import { Slug } from "../catalog/category.ts";
import { read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { refusals } from "../_kit/refusal.ts";
import { PromotionRefusals } from "./promotion.ts";
import { Code } from "./terms.ts";

export const COUPON_COUNT_MAX = 100_000;
export const COUPON_ACCOUNT_COUNT_MAX = 1_000;
export const COUPON_PAGE_LIMIT_MAX = 1_000;

/** held: by a checkout that may still come to nothing; redeemed: used. */
export const CouponState = z.enum(["free", "held", "redeemed"]);
export type CouponState = z.infer<typeof CouponState>;
export const CouponView = z.object({
  code: Code,
  /** Null: good for whoever has it. */
  accountId: id("acc").nullable(),
  state: CouponState,
});

const Batch = { promotionId: id("prm"), batch: Slug };
/** What every code of a batch begins with, before a dash and 20 characters that nobody can guess. */
const Prefix = z.string().regex(/^[A-Z0-9-]{2,18}$/);
const Made = z.object({ count: z.int() });

export const CouponRefusals = refusals({
  BATCH_DIFFERENT: {
    status: 409,
    says: "There is a batch of this name already, and it was made differently.",
  },
});

export const Coupon = service("Coupon", {
  /** Makes a batch of codes for a promotion of the caller's; an operator's are the platform's.
   *  Takes    1 to 100,000; prefix: what they begin with
   *  Gives    how many there are; `list` reads them
   *  Refuses  PROMOTION_UNKNOWN, also for somebody else's, BATCH_DIFFERENT
   *  Repeats  same batch: the same codes */
  mint: step(
    z.strictObject({ ...Batch, prefix: Prefix, count: z.int().min(1).max(COUPON_COUNT_MAX) }),
    Made,
    {
      who: "account",
      refuses: [PromotionRefusals.PROMOTION_UNKNOWN, CouponRefusals.BATCH_DIFFERENT],
      http: "POST /promotions/{promotionId}/coupons",
    },
  ),

  /** Makes a code for each of some accounts, which is good for nobody else.
   *  Takes    1 to 1,000 distinct accounts
   *  Refuses  PROMOTION_UNKNOWN, also for somebody else's, BATCH_DIFFERENT
   *  Repeats  same batch: the same codes */
  grant: step(
    z.strictObject({
      ...Batch,
      prefix: Prefix,
      accountIds: z
        .array(id("acc"))
        .min(1)
        .max(COUPON_ACCOUNT_COUNT_MAX)
        .refine((all) => new Set(all).size === all.length, "must name each account once"),
    }),
    Made,
    { who: "account", refuses: [PromotionRefusals.PROMOTION_UNKNOWN, CouponRefusals.BATCH_DIFFERENT] },
  ),

  /** A batch page by page, in the order of its codes; pages of 1,000 stream it.
   *  Takes    after: the `next` of the page before
   *  Gives    next: absent on the last page
   *  Refuses  PROMOTION_UNKNOWN, also for somebody else's */
  list: read(
    z.strictObject({
      ...Batch,
      after: Code.optional(),
      limit: z.int().min(1).max(COUPON_PAGE_LIMIT_MAX).optional(),
    }),
    z.object({ items: z.array(CouponView), next: Code.optional() }),
    {
      who: "account",
      refuses: [PromotionRefusals.PROMOTION_UNKNOWN],
      http: "GET /promotions/{promotionId}/coupons",
    },
  ),
});
