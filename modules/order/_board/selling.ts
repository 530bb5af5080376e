/** What sellers read. */
import { Sales } from "@shopnexus/contracts/order/sales";
import { provide } from "#modules/_kit/board.ts";
import { list } from "../order/list.ts";
import { tabs } from "../order/tabs.ts";
import { inbox } from "../sales/inbox.ts";
import { list as listSales } from "../sales/list.ts";
import { pending } from "../sales/pending.ts";
import { series } from "../sales/series.ts";
import { summary } from "../sales/summary.ts";
import { tabs as tabsOfSales } from "../sales/tabs.ts";
import { top } from "../sales/top.ts";

export const selling = [
  provide(Sales, { inbox, list: listSales, tabs: tabsOfSales, summary, series, top, pending }),
];
