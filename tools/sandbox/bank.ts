import { z } from "zod";
import { setClosed } from "./connect/accounts.ts";
import type { Account } from "./connect/shapes.ts";
import { decideDispute } from "./disputes/decide.ts";
import { openDispute } from "./disputes/open.ts";
import { type Dispute, REASONS } from "./disputes/shapes.ts";
import { expireHold } from "./money/expire.ts";
import type { Intent } from "./money/shapes.ts";
import type { App } from "./parts.ts";
import { bodyOf, callFor, read } from "./wire/control.ts";
import type { HttpContext } from "./wire/gate.ts";
import type { World } from "./world.ts";

const complaint = z.strictObject({
  amount: z.number().int().min(1).optional(),
  reason: z.enum(REASONS).default("fraudulent"),
});
const verdict = z.strictObject({ outcome: z.enum(["won", "lost"]) });
const closing = z.strictObject({ closed: z.boolean() });

/** What banks and card networks do to a shop without being asked. */
export type Bank = {
  /** A chargeback of what is left of a charge, or a part of it, by the id of the charge or of its intent. */
  dispute(id: string, given?: z.input<typeof complaint>): Dispute;
  decide(disputeId: string, outcome: "won" | "lost"): Dispute;
  /** Lets a hold go that nobody captured. */
  expireHold(intentId: string): Intent;
  /** Whether an account of Connect can be paid. */
  setAccountClosed(accountId: string, isClosed: boolean): Account;
};

export const bankOf = (world: World): Bank => ({
  dispute: (id, given = {}) => {
    const { amount, reason } = read(complaint, given);
    return openDispute(callFor(world, id), { amount, reason });
  },
  decide: (id, outcome) => decideDispute(callFor(world, id), outcome),
  expireHold: (id) => expireHold(callFor(world, id)),
  setAccountClosed: (id, isClosed) => setClosed(world, id, isClosed),
});

/** The same as levers. */
export const mountBank = (app: App, world: World): void => {
  const bank = bankOf(world);
  const dispute = async (c: HttpContext) =>
    c.json(bank.dispute(c.req.param("id") ?? "", read(complaint, await bodyOf(c))));
  app.post("/sandbox/charges/:id/dispute", dispute);
  app.post("/sandbox/intents/:id/dispute", dispute);
  app.post("/sandbox/disputes/:id/decide", async (c) =>
    c.json(bank.decide(c.req.param("id"), read(verdict, await bodyOf(c)).outcome)),
  );
  app.post("/sandbox/intents/:id/expire", (c) => c.json(bank.expireHold(c.req.param("id"))));
  app.post("/sandbox/accounts/:id", async (c) =>
    c.json(bank.setAccountClosed(c.req.param("id"), read(closing, await bodyOf(c)).closed)),
  );
};
