/**
 * The Gate port: a counter before the database, which answers a crowd in one trip. It promises nothing: whoever it lets
 * pass is admitted by the database, from which it can be built anew at any time.
 */
export type GateTicket = {
  readonly ticketId: string;
  readonly skuId: string;
  readonly accountId: string;
  readonly pieces: number;
};

export type GatePlan = {
  /** A plan of an older epoch is late, and is not built. */
  readonly epoch: number;
  readonly startsMs: number;
  /** Nobody enters from here on. */
  readonly entriesEndMs: number;
  readonly endsMs: number;
  readonly windowMs: number;
  readonly limit: number;
  /** Whoever is within the units is admitted at once; up to the seats one may wait. */
  readonly skus: ReadonlyArray<{ readonly skuId: string; readonly units: number; readonly seats: number }>;
  readonly tickets: readonly GateTicket[];
};

/** So many pieces of one SKU. */
export type Wish = { readonly gateId: string; readonly skuId: string; readonly pieces: number };

/** How a gate stands towards anybody. */
export type Standing =
  /** It has to be built first: it is not there, or stands from before a restart. */
  | { readonly kind: "unbuilt" }
  | { readonly kind: "not_yet"; readonly startsMs: number }
  | { readonly kind: "unknown" | "over" | "sold_out" }
  | { readonly kind: "open" };

export type Reply =
  | Exclude<Standing, { readonly kind: "open" }>
  | { readonly kind: "limit_reached"; readonly limit: number }
  | { readonly kind: "passed"; readonly isAdmitted: boolean; readonly expiresMs: number };

export type GateReading = {
  /** What it was built with, but for its tickets. */
  readonly plan: Omit<GatePlan, "tickets">;
  /** The pieces of each SKU and of each account as counted, which are to be the sums of the tickets'. */
  readonly used: ReadonlyMap<string, number>;
  readonly owned: ReadonlyMap<string, number>;
  readonly tickets: ReadonlyArray<GateTicket & { readonly ageMs: number }>;
};

export type Gate = {
  /** Changes nothing; tells which of these tickets have passed before. Throws when the gate cannot be reached. */
  look(wish: Wish, ticketIds: readonly string[]): Promise<{ standing: Standing; known: ReadonlySet<string> }>;
  /** Decides, and lets pass, in one round trip. A ticket passes once however often it knocks. */
  knock(wish: Wish, who: { readonly ticketId: string; readonly accountId: string }): Promise<Reply>;
  /** Whether it was built; a gate that stands and is trusted is only replaced by `anew`. */
  build(gateId: string, plan: GatePlan, how: "missing" | "anew"): Promise<boolean>;
  /** A gate that lets nobody pass for a while: there is no such thing. */
  bar(gateId: string): Promise<void>;
  /** What the database has decided. Each ticket counts once however often it is told; a gate out of reach is built later. */
  add(gateId: string, tickets: readonly GateTicket[]): Promise<void>;
  remove(gateId: string, ticketIds: readonly string[]): Promise<void>;
  drop(gateId: string): Promise<void>;
  /** Undefined where it is not built. */
  read(gateId: string): Promise<GateReading | undefined>;
  /** So many tickets differed from the database: for whoever watches. */
  differed(ticketCount: number): void;
};
