/** A supplier's system that takes signed webhooks, and remembers what it was told. */
import { randomBytes } from "node:crypto";
import { Webhook } from "standardwebhooks";
import type { Part } from "../parts.ts";
import type { World } from "../world.ts";
import { mountSupplier } from "./routes.ts";

/** What it does with one message instead of taking it. A cut one is taken, and its sender never hears of it. */
export type Trouble =
  | { readonly kind: "status"; readonly status: number }
  | { readonly kind: "slow"; readonly ms: number }
  | { readonly kind: "cut" }
  | { readonly kind: "redirect"; readonly to: string };

export type Told = {
  readonly messageId: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** As it came, to the byte. */
  readonly body: string;
  readonly receivedAt: string;
  /** Its id had come before. */
  readonly isRepeat: boolean;
};

export type SandboxSupplier = {
  /** Where it is told. */
  readonly url: string;
  /** What it checks signatures with. */
  readonly secret: string;
  /** It takes messages of another secret from now on. */
  setSecret(secret: string): void;
  /** What becomes of the next messages, one each; afterwards all are taken. */
  next(...troubles: readonly Trouble[]): void;
  /** What was taken, oldest first; of one purchase order where one is named. */
  list(purchaseId?: string): readonly Told[];
  /** How many came, how many of them it refused to believe, and how many it took, repeats included. */
  counts(): { asked: number; unsigned: number; taken: number; messageIds: number };
  /** Forgets what came in, and what was to go wrong. */
  clear(): void;
};

// A shop that is seeded and bought at for days must not fill the memory.
const KEPT_MAX = 10_000;

export type Desk = {
  supplier: SandboxSupplier;
  /** Whether the signature is this message's, by the way of any receiver. */
  isSigned(body: string, headers: Record<string, string>): boolean;
  /** What is to go wrong with the message that came in. */
  draw(): Trouble | undefined;
  take(messageId: string, body: string): void;
};

type Memory = {
  secret: string;
  told: readonly Told[];
  ids: Set<string>;
  troubles: Trouble[];
  asked: number;
  unsigned: number;
};

const fresh = () => ({ told: [], ids: new Set<string>(), troubles: [], asked: 0, unsigned: 0 });

export const openSupplier = (world: World): { supplier: SandboxSupplier; part: Part } => {
  const memory: Memory = { secret: `whsec_${randomBytes(24).toString("base64")}`, ...fresh() };
  const supplier = leversOf(memory, world);
  const part: Part = {
    name: "supplier",
    mount: (app) => mountSupplier(app, deskOf(memory, supplier, world.now)),
    reset: supplier.clear,
    totals: supplier.counts,
  };
  return { supplier, part };
};

const leversOf = (memory: Memory, world: World): SandboxSupplier => ({
  get url() {
    return `${world.url}/supplier/hooks`;
  },
  get secret() {
    return memory.secret;
  },
  setSecret: (secret) => {
    memory.secret = secret;
  },
  next: (...troubles) => {
    memory.troubles = [...troubles];
  },
  list: (purchaseId) =>
    memory.told.filter(({ data }) => purchaseId === undefined || data["purchaseId"] === purchaseId),
  counts: () => ({
    asked: memory.asked,
    unsigned: memory.unsigned,
    taken: memory.told.length,
    messageIds: memory.ids.size,
  }),
  clear: () => {
    Object.assign(memory, fresh());
  },
});

const deskOf = (memory: Memory, supplier: SandboxSupplier, now: () => number): Desk => ({
  supplier,
  isSigned: (body, headers) => {
    memory.asked += 1;
    const isSigned = verifies(memory.secret, body, headers);
    if (!isSigned) memory.unsigned += 1;
    return isSigned;
  },
  draw: () => memory.troubles.shift(),
  take: (messageId, body) => {
    const { type, data } = JSON.parse(body) as Pick<Told, "type" | "data">;
    const told = { messageId, type, data, body, receivedAt: new Date(now()).toISOString() };
    memory.told = [...memory.told.slice(-(KEPT_MAX - 1)), { ...told, isRepeat: memory.ids.has(messageId) }];
    memory.ids.add(messageId);
  },
});

/** The reference receiver: id, time within five minutes, and signature. */
const verifies = (secret: string, body: string, headers: Record<string, string>): boolean => {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
};
