/** What sellers read of their sales, and what the platform takes of them. */
import { Commission } from "@shopnexus/contracts/order/commission";
import { Sales } from "@shopnexus/contracts/order/sales";
import { provide } from "#modules/_kit/board.ts";
import { history } from "../commission/history.ts";
import { list as listRules } from "../commission/list.ts";
import { mine } from "../commission/mine.ts";
import { put as putRule } from "../commission/put.ts";
import { rate } from "../commission/rate.ts";
import { inbox } from "../sales/inbox.ts";
import { list as listSales } from "../sales/list.ts";
import { pending } from "../sales/pending.ts";
import { series } from "../sales/series.ts";
import { summary } from "../sales/summary.ts";
import { tabs as tabsOfSales } from "../sales/tabs.ts";
import { top } from "../sales/top.ts";

export const selling = [
  provide(Commission, { put: putRule, list: listRules, history, mine, rate }),
  provide(Sales, { inbox, list: listSales, tabs: tabsOfSales, summary, series, top, pending }),
];
