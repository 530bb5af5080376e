/** The whole audit: every minor unit and every piece in every module's database, and the gateway's own books. */
import postgres, { type Sql } from "postgres";
import type { StripeSettings } from "#modules/_kit/settings.ts";
import { auditStripe } from "./gateways.ts";
import { auditLedger } from "./ledger.ts";
import { auditOrders } from "./orders.ts";
import { type Check, isWrong, type Report } from "./report.ts";
import { auditStock } from "./stock.ts";
import { auditTenders } from "./tenders.ts";

export type Books = {
  /** Where each module keeps its rows: `account`, `order`, `inventory`. */
  readonly databaseUrls: Readonly<Record<"account" | "order" | "inventory", string>>;
  /** Absent: the gateway is not asked, and the report has no such check. */
  readonly stripe?: StripeSettings | undefined;
};

/** A plan for any slice would be one for no slice: each gets its own, by its few rows and not by the whole table. */
const SETTINGS = {
  max: 4,
  onnotice: () => undefined,
  connection: { plan_cache_mode: "force_custom_plan", random_page_cost: "1.1", jit: "off" },
} as const;

export const audit = async ({ databaseUrls, stripe }: Books): Promise<Report> => {
  const beganMs = performance.now();
  const open = new Map<string, Sql>();
  const of = (module: keyof Books["databaseUrls"]): Sql => {
    const url = databaseUrls[module];
    const sql = open.get(url) ?? postgres(url, SETTINGS);
    open.set(url, sql);
    return sql;
  };
  try {
    const checks: Check[] = [
      ...(await auditLedger(of("account"))),
      ...(await auditOrders(of("order"), of("account"))),
      ...(await auditTenders(of("order"))),
      ...(await auditStock(of("inventory"), of("order"))),
      ...(stripe === undefined ? [] : await auditStripe(of("account"), stripe)),
    ];
    const ok = !checks.some(isWrong);
    return { ok, tookMs: Math.round(performance.now() - beganMs), checks };
  } finally {
    await Promise.all([...open.values()].map((sql) => sql.end()));
  }
};
