/**
 * Who may import whom, and which component may call which. This page is the only place that says so;
 * `tools/tidy/imports.ts` and `tools/tidy/calls.ts` hold the source to it. To draw a new edge, write it here first.
 */

/**
 * A room is the files under `path`; the longest path that fits a file is its room. `<m>` is any module, and
 * the same one wherever it stands in a row. A file may always import its own room.
 */
export type Room = {
  path: string;
  /** Folders or files of ours. */
  ours: readonly string[];
  /** Packages of others; `node:*` is all of Node, `*` is everything we depend on. */
  theirs: readonly string[];
  why: string;
};

const RESTATE = ["@restatedev/restate-sdk", "@restatedev/restate-sdk-core"];
const LEAF = ["zod", "@restatedev/restate-sdk-core"];
const DECISIONS = ["node:crypto", "node:util", "node:buffer"];

export const ROOMS: readonly Room[] = [
  {
    path: "contracts",
    ours: ["contracts/_kit"],
    theirs: LEAF,
    why: "a promise is a leaf: whoever reads it must load neither the runtime nor the callee",
  },
  {
    path: "contracts/_kit/client.ts",
    ours: ["contracts"],
    theirs: [...LEAF, "@restatedev/restate-sdk-clients"],
    why: "the typed client is for the outside, and brings the ingress client and nothing else",
  },
  {
    path: "modules/<m>",
    ours: ["contracts", "modules/_kit", "db/_kit", "db/<m>"],
    theirs: [...RESTATE, "zod", "drizzle-orm", ...DECISIONS],
    why: "a module reads promises of others, never their code or tables; ask through the contract",
  },
  {
    path: "modules/_kit",
    ours: ["contracts", "db/_kit"],
    theirs: ["*", "node:*"],
    why: "the kit serves every module, so it may know none",
  },
  {
    path: "db/<m>",
    ours: ["db/_kit", "contracts"],
    theirs: ["drizzle-orm", "postgres", "drizzle-kit", "zod"],
    why: "a schema is its module's memory alone: no table of another module, no work",
  },
  {
    path: "db/_kit",
    ours: ["contracts/_kit"],
    theirs: ["drizzle-orm", "postgres", "node:*"],
    why: "the database kit serves every schema, so it may know none",
  },
  {
    path: "app",
    ours: ["contracts", "modules/_kit", "db/_kit"],
    theirs: ["*", "node:*"],
    why: "the host knows modules only by the names in SERVICES; app/modules.ts alone loads them",
  },
  {
    path: "tools",
    ours: ["app", "contracts", "modules/_kit", "db"],
    theirs: ["*", "node:*"],
    why: "a tool drives the product from outside, as an operator would",
  },
];

/** The one file that imports modules, and only by `import()`: `SERVICES=order` must not load inventory's code. */
export const MODULE_LOADER = "app/modules.ts";

/** What a test may import beyond its room. A folder `proof` beside the tests holds what they start or compare with. */
export const TESTS = {
  files: /\.(test|test-d)\.tsx?$|^app\/e2e\/|\/proof\//,
  ours: ["tools", "app", "contracts", "modules/_kit", "db/_kit"],
  theirs: ["vitest", "fast-check", "node:*", ...RESTATE, "@restatedev/restate-sdk-clients"],
} as const;

/** Ports to the outside: a folder with the port and its adapters, and the packages its adapters lean on. */
export const PORTS: Readonly<Record<string, readonly string[]>> = {
  "modules/order/charge/gateway": ["stripe", "node:*"],
  "modules/order/payout/bank": ["stripe", "node:*"],
  "modules/order/shipment/carrier": ["node:*"],
  "modules/order/shipment/printer": ["pdf-lib", "bwip-js"],
  "modules/inventory/hook/receiver": ["node:*"],
  "modules/common/mail/server": ["nodemailer", "node:*"],
  "modules/common/mail/templates": [],
  "modules/common/exchange/source": ["node:*"],
  "modules/common/file/storage": ["node:*"],
  "modules/catalog/search/embedder": ["node:*"],
  "modules/promotion/_kit/calendar": ["croner"],
  "modules/account/login/password": ["@node-rs/argon2"],
  "modules/account/login/token": ["jose", "node:*"],
};

/**
 * Which component may call which.
 * - `steps`: `call(ctx, X)`. A step has no `ctx`, so it calls nobody and queues behind nobody.
 * - `waits`: `ctx.client(X)`, `peer(ctx, X)`: the caller stands still until X's own handler has answered. Restate runs
 *   the exclusive handlers of one key one at a time, so a circle of these is a deadlock: they stay acyclic.
 * - `signals`: `ctx.client(X)` on a shared handler (a workflow's promise, an object's read): it never queues.
 * - `sends`: `ctx.sendClient(X)`: nobody waits, so a send may close a loop.
 */
export type Edges = Partial<Record<"steps" | "waits" | "signals" | "sends", readonly string[]>>;

export const CALLS: Readonly<Record<string, Edges>> = {
  AddressBook: { steps: ["Geocode"] },
  Backorder: { sends: ["Fulfilment"] },
  Cart: {
    steps: ["Listing", "AddressBook", "Exchange", "Quote", "Shipment", "Commission", "Supply"],
  },
  Charge: { steps: ["Wallet", "Feed"], sends: ["Checkout", "Dispute", "Payout"], signals: ["Checkout"] },
  Checkout: {
    steps: [
      "Listing",
      "AddressBook",
      "Exchange",
      "Quote",
      "Promotion",
      "Stock",
      "Ticket",
      "Attempt",
      "Shipment",
      "Commission",
      "Charge",
      "Wallet",
      "Cart",
      "Feed",
      "Interaction",
    ],
    sends: ["Fulfilment", "Backorder", "Supply", "Notification", "Mail"],
  },
  Claim: { sends: ["Refund"] },
  Delivery: { steps: ["Backorder"], sends: ["Fulfilment"] },
  Dispute: {
    steps: ["Chargeback", "Charge", "Wallet", "Stock", "Serial", "Feed"],
    sends: ["Refund", "Fulfilment", "Mail", "Backorder", "Notification"],
  },
  Earnings: { steps: ["Transfer", "Profile", "Wallet"], signals: ["Payout"], sends: ["Payout"] },
  Fulfilment: {
    steps: ["Line", "Duties", "Escrow", "Packing", "Shipment", "Serial", "Stock", "Wallet", "Charge", "Feed"],
    sends: ["Parcel", "Notification", "Mail", "Refund", "Backorder", "Supply"],
  },
  Hook: { sends: ["Mail"] },
  Import: { steps: ["Backorder"], sends: ["Fulfilment"] },
  Listing: { steps: ["Category", "File", "Stock", "Feed"], sends: ["Search"] },
  Login: { steps: ["Profile"], sends: ["Mail", "Notification"] },
  Mail: { steps: ["Profile"] },
  Notification: { steps: ["Profile", "Stream"], sends: ["Mail"] },
  Order: {
    steps: ["Attempt", "Feed"],
    signals: ["Checkout", "Fulfilment"],
    sends: ["Checkout", "Fulfilment", "Refund"],
  },
  Parcel: {
    steps: ["Packing", "Shipment", "Serial", "Escrow", "Wallet", "Feed"],
    sends: ["Fulfilment", "Mail"],
  },
  Payout: { steps: ["Transfer", "Wallet", "Profile", "Feed"], sends: ["Mail", "Notification"] },
  Purchase: { sends: ["Mail", "PurchaseOrder", "Hook"] },
  PurchaseOrder: { steps: ["Purchase"], sends: ["Mail", "Hook"] },
  Quote: { steps: ["Promotion", "Exchange", "Listing"] },
  Reconciliation: { steps: ["Charge", "Wallet"], sends: ["Checkout", "Dispute"] },
  Refund: {
    steps: ["Claim", "Charge", "Wallet", "Stock", "Serial", "Promotion", "Shipment", "Feed"],
    sends: ["Notification", "Mail", "Backorder", "Fulfilment"],
  },
  Review: { steps: ["Order", "Listing", "Feed"], sends: ["Notification", "Search"] },
  Shelf: { steps: ["Stock", "Backorder"], sends: ["Fulfilment"] },
  Shipment: { steps: ["AddressBook", "Listing", "Exchange"], sends: ["Fulfilment", "Refund"] },
  Stock: { steps: ["Backorder"], sends: ["Fulfilment", "Supply", "Listing", "Notification"] },
  Supply: { steps: ["Stock", "Serial", "Feed", "Purchase"], sends: ["Mail", "Notification"] },
};

const KINDS = ["steps", "waits", "signals", "sends"] as const;

/** The first circle among calls that wait, as the names on it in order; undefined when there is none. */
export const circle = (calls: Readonly<Record<string, Edges>>): readonly string[] | undefined => {
  const safe = new Set<string>();
  const visit = (name: string, trail: readonly string[]): readonly string[] | undefined => {
    if (trail.includes(name)) return [...trail.slice(trail.indexOf(name)), name];
    if (safe.has(name)) return undefined;
    const found = first(calls[name]?.waits ?? [], (next) => visit(next, [...trail, name]));
    safe.add(name);
    return found;
  };
  return first(Object.keys(calls), (name) => visit(name, []));
};

const first = <T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined => {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** How `caller` may reach `callee`; a component may always use its own steps and sends. */
export const allowed = (caller: string, callee: string): readonly (typeof KINDS)[number][] =>
  caller === callee
    ? ["steps", "signals", "sends"]
    : KINDS.filter((kind) => CALLS[caller]?.[kind]?.includes(callee));

/** The room of a path, and the module that `<m>` stands for there. */
export const roomOf = (path: string): { room: Room; module: string } | undefined => {
  const fits = ROOMS.flatMap((room) => {
    const found = new RegExp(`^${room.path.replace("<m>", "([a-z][a-z0-9-]*)")}(/|$)`).exec(path);
    return found ? [{ room, module: room.path.includes("<m>") ? (found[1] ?? "") : "" }] : [];
  });
  return fits.toSorted((one, other) => other.room.path.length - one.room.path.length)[0];
};
