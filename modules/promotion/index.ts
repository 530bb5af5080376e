/** The promotion module: promotions with their budgets and coupons, and the price engine. */
import { Campaign } from "@shopnexus/contracts/promotion/campaign";
import { Coupon } from "@shopnexus/contracts/promotion/coupon";
import { Promotion } from "@shopnexus/contracts/promotion/promotion";
import { Quote } from "@shopnexus/contracts/promotion/quote";
import { board, provide } from "#modules/_kit/board.ts";
import { change } from "./campaign/change.ts";
import { list } from "./campaign/list.ts";
import { stop } from "./campaign/stop.ts";
import { view } from "./campaign/view.ts";
import { grant } from "./coupon/grant.ts";
import { list as listCoupons } from "./coupon/list.ts";
import { mint } from "./coupon/mint.ts";
import { create } from "./promotion/create.ts";
import { free } from "./promotion/free.ts";
import { hold } from "./promotion/hold.ts";
import { launch } from "./promotion/launch.ts";
import { read } from "./promotion/read.ts";
import { redeem } from "./promotion/redeem.ts";
import { restore } from "./promotion/restore.ts";
import { explain } from "./quote/explain.ts";
import { price } from "./quote/price.ts";

export default board("promotion", [
  provide(Promotion, { create, launch, read, hold, free, redeem, restore }),
  provide(Campaign, { view, list, change, stop }),
  provide(Quote, { price, explain }),
  provide(Coupon, { mint, grant, list: listCoupons }),
]);
