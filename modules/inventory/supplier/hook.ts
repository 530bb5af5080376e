import { type Supplier, SupplierRefusals } from "@shopnexus/contracts/inventory/supplier";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { urlFault } from "#modules/_kit/way-out/url.ts";
import { setChannel } from "./rows.ts";

export const hook: Step<typeof Supplier, "hook"> = async (wanted, { db, who, settings }) => {
  const { supplierId, url, secret } = wanted;
  const fault = urlFault(url, settings.wayOut?.allow ?? []);
  if (fault !== undefined) throw refuse(SupplierRefusals.WEBHOOK_URL_REFUSED, { fault });
  const ref = { supplierId, sellerId: accountOf(who).accountId };
  return setChannel(db.$client, ref, { channel: "webhook", url, secret });
};
