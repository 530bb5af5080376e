import type { Sales } from "@shopnexus/contracts/order/sales";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { countTabs } from "../_kit/order-pages.ts";

export const tabs: Step<typeof Sales, "tabs"> = (_input, { db, who }) =>
  countTabs(db, { side: "seller", accountId: accountOf(who).accountId });
