import { AddressBook } from "@shopnexus/contracts/account/address-book";
import { Listing } from "@shopnexus/contracts/catalog/listing";
import { Exchange } from "@shopnexus/contracts/common/exchange";
import { Shipment } from "@shopnexus/contracts/order/shipment";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { bySeller } from "../order/rules.ts";
import { inCurrency, packedOf } from "./rules.ts";

export const quote: Handler<typeof Shipment, "quote"> = async (
  ctx,
  { addressId, currency, lines },
  { who },
) => {
  const { accountId } = accountOf(who);
  const skuIds = [...new Set(lines.map(({ skuId }) => skuId))];
  const to = await call(ctx, AddressBook).pick({ accountId, addressId });
  const { skus } = await call(ctx, Listing).snapshot({ skuIds });
  const sellers = bySeller(skus);
  const { origins } = await call(ctx, AddressBook).origins({
    accountIds: sellers.map(({ sellerId }) => sellerId),
  });
  const { groups } = await call(ctx, Shipment).offer({
    currency,
    groups: sellers.map(({ sellerId, lines: own }) => ({
      sellerId,
      from: origins.find((origin) => origin.accountId === sellerId)?.address ?? null,
      to,
      parcel: own.map((sku) =>
        packedOf({ ...sku, pieces: lines.find(({ skuId }) => skuId === sku.skuId)?.pieces ?? 1 }),
      ),
    })),
  });
  const priced = groups.flatMap(({ options }) => options.map(({ price }) => price.currency));
  const foreign = [...new Set(priced)].filter((one) => one !== currency);
  if (foreign.length === 0) return { groups };
  const { rates } = await call(ctx, Exchange).freeze({ base: currency, currencies: foreign });
  return {
    groups: groups.map((group) => ({ ...group, options: inCurrency(group.options, { currency, rates }) })),
  };
};
