/** What every way to reserve a piece looks like to the bench. */
export const WAYS = ["forUpdate", "conditional", "queuePerSku", "redis", "database", "handler"] as const;
export type WayName = (typeof WAYS)[number];

/** As they are said to people. */
export const SAYS: Readonly<Record<WayName, string>> = {
  forUpdate: "(a) select for update per order",
  conditional: "(b) conditional update",
  queuePerSku: "(c) a queue per SKU (Restate object)",
  redis: "(d) Redis counter, written later",
  database: "(e) ours at the database",
  handler: "(f) ours through the whole handler",
};

export type Way = {
  readonly name: WayName;
  /** Before a case, on tables that are filled anew. */
  begin?(stock: ReadonlyMap<string, number>): Promise<void>;
  /** Takes one piece; false if there is none left. */
  reserve(skuId: string): Promise<boolean>;
  /** Ends when all that was answered is written. */
  settle?(): Promise<void>;
  close(): Promise<void>;
};
