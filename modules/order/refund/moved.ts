import type { Refund } from "@shopnexus/contracts/order/refund";
import type { Handler } from "#modules/_kit/handler.ts";

export const moved: Handler<typeof Refund, "moved"> = async () => ({});
