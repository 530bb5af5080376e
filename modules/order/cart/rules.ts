/** What a storefront shows of a basket before the click: of values alone. */
import type { Out } from "@shopnexus/contracts/kit/contract";
import type { Supply } from "@shopnexus/contracts/inventory/supply";
import { money } from "@shopnexus/contracts/kit/money";
import type { PricedBasket } from "@shopnexus/contracts/order/cart";
import type { Frozen } from "../_kit/freeze.ts";

type Availability = Out<typeof Supply, "availability">["skus"];

export const pricedBasket = (frozen: Frozen, skus: Availability): PricedBasket => {
  const { lines, groups, applied, lost, total, rates } = frozen;
  const shippingMinor = groups.reduce((sum, { group }) => sum + group.shipping.minor, 0);
  return {
    lines: lines.map(
      ({
        lineId: _,
        note: _note,
        platformDiscount: _platform,
        platformCarriage: _byPlatform,
        sellerCarriage: _bySeller,
        cashback: _later,
        commission: _kept,
        weightGrams: _grams,
        sizeMm: _size,
        ...line
      }) => ({
        ...line,
        ...stockOf(line, skus),
      }),
    ),
    groups: groups.map(({ group, options, chosen }) => ({
      sellerId: group.sellerId,
      options: [...options],
      chosen: chosen ?? null,
    })),
    applied: [...applied],
    lost: [...lost],
    goods: money(total.minor - shippingMinor, total.currency),
    shipping: money(shippingMinor, total.currency),
    total,
    rates: [...rates].map(([currency, rate]) => ({ currency, rate })),
  };
};

const stockOf = (
  { skuId, pieces }: { readonly skuId: string; readonly pieces: number },
  skus: Availability,
): Pick<PricedBasket["lines"][number], "stock" | "available"> => {
  const { available = 0, mayWait = false } = skus.find((one) => one.skuId === skuId) ?? {};
  if (available >= pieces) return { stock: "there", available };
  return { stock: mayWait ? "waits" : "short", available };
};
