/** What is told of a dip: to the feed, and to the supplier. */
import type { Letter } from "@shopnexus/contracts/common/letter";
import type { Dip } from "@shopnexus/contracts/inventory/supply";

export const eventOf = ({ skuId, sellerId, dip, available, reorderPoint }: Dip) => ({
  eventKey: `${skuId}/low/${dip}`,
  kind: "stock.low" as const,
  subject: skuId,
  data: { sellerId, dip, available, reorderPoint },
});

/** One letter a dip; none for a SKU whose supplier nobody has named. */
export const letterOf = ({ skuId, dip, available, reorderPoint, supplierEmail }: Dip): Letter | undefined =>
  supplierEmail === null
    ? undefined
    : {
        messageKey: `${skuId}/reorder/${dip}`,
        to: { email: supplierEmail },
        template: "supplier_reorder",
        data: { skuId, available, reorderPoint },
      };
