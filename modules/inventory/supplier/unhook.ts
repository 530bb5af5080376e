import type { Supplier } from "@shopnexus/contracts/inventory/supplier";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { setChannel } from "./rows.ts";

export const unhook: Step<typeof Supplier, "unhook"> = ({ supplierId }, { db, who }) =>
  setChannel(
    db.$client,
    { supplierId, sellerId: accountOf(who).accountId },
    { channel: "mail", url: null, secret: null },
  );
