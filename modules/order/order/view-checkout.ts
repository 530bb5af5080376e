import type { Order } from "@shopnexus/contracts/order/order";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { find } from "../attempt/find.ts";

export const viewCheckout: Step<typeof Order, "viewCheckout"> = async ({ checkoutId }, scene) =>
  find({ checkoutId, accountId: accountOf(scene.who).accountId }, scene);
