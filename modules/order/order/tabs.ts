import type { Order } from "@shopnexus/contracts/order/order";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { countTabs } from "../_kit/order-pages.ts";

export const tabs: Step<typeof Order, "tabs"> = (_input, { db, who }) =>
  countTabs(db, { side: "buyer", accountId: accountOf(who).accountId });
