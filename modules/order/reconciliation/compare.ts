import type { In, Out } from "@shopnexus/contracts/kit/contract";
import { money } from "@shopnexus/contracts/kit/money";
import type { Reconciliation } from "@shopnexus/contracts/order/reconciliation";
import type { Db } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { findGateway } from "../charge/gateway/gateways.ts";
import type { Gateway, GatewayDispute, GatewayObject } from "../charge/gateway/port.ts";
import { newsOf } from "../charge/record.ts";
import { applyReport, chargeOfPayment, findCharge, orderOf } from "../charge/rows.ts";
import {
  chargesSince,
  coverUntil,
  endFindings,
  type Found,
  givenBackOf,
  keepFinding,
  markPaid,
  paidBackSince,
  spanOf,
} from "./rows.ts";
import { type PaymentObject, pairPayment, pairRefund, type RefundObject } from "./rules.ts";

type Name = In<typeof Reconciliation, "compare">["gateway"];
type Result = Out<typeof Reconciliation, "compare">;

/** What one comparison has seen and done so far. */
type Desk = {
  readonly db: Db;
  readonly name: Name;
  readonly gateway: Gateway;
  readonly seen: Set<string>;
  readonly result: Result;
};

export const compare: Step<typeof Reconciliation, "compare"> = async ({ gateway: name }, scene) => {
  const { db, lock, settings } = scene;
  const gateway = findGateway(settings, name);
  const result = emptyOf(name);
  if (gateway === undefined) return result;
  // Two at once would do everything twice, and nothing wrong: what they write is the same.
  const desk = { db, name, gateway, result, seen: new Set<string>() };
  const done = await lock.using(`reconcile/${name}`, 0, (signal) => work(desk, signal));
  return done ?? { ...emptyOf(name), isBusy: true };
};

const NOTHING = { isBusy: false, objectCount: 0, repairCount: 0, findingCount: 0 };

const emptyOf = (gateway: Name): Result => ({ ...NOTHING, gateway, verdicts: [], chargebacks: [] });

const work = async (desk: Desk, signal: AbortSignal): Promise<Result> => {
  const { db, name, gateway, result } = desk;
  const span = await spanOf(db, name);
  for await (const object of gateway.list(span.since) ?? askedOneByOne(desk, span.since)) {
    signal.throwIfAborted();
    result.objectCount += 1;
    await pair(desk, object);
  }
  await missing(desk, span.since);
  await endFindings(db, name, span);
  await coverUntil(db, name, span.until);
  return result;
};

/** A gateway without lists is asked after each payment that we know of. */
const askedOneByOne = async function* (
  { db, name, gateway }: Desk,
  since: Date,
): AsyncIterable<GatewayObject> {
  for (const row of await chargesSince(db, name, since)) {
    if (row.gatewayRef === null) continue;
    const { paid } = await gateway.report(row.gatewayRef);
    const amount = paid ?? money(0, row.currency);
    yield { kind: "payment", ref: row.gatewayRef, chargeId: row.chargeId, amount, at: row.createdAt };
  }
};

const pair = (desk: Desk, object: GatewayObject): Promise<void> => {
  if (object.kind === "payment") return payment(desk, object);
  return object.kind === "refund" ? refund(desk, object) : dispute(desk, object);
};

const payment = async (desk: Desk, object: PaymentObject): Promise<void> => {
  const { db, gateway } = desk;
  const { ref, chargeId, amount } = object;
  desk.seen.add(ref);
  const row = chargeId === undefined ? undefined : await findCharge(db, chargeId);
  const pairing = pairPayment(object, row);
  if (pairing === "fine") return;
  if (pairing !== "ask" || row === undefined)
    return found(desk, {
      kind: pairing === "ask" ? "stranger" : pairing,
      gatewayRef: ref,
      chargeId: row?.chargeId ?? null,
      amount,
    });
  const report = await gateway.report(ref);
  const next = await inTransaction(db, (tx) => applyReport(tx, row, report));
  if (next === "nothing") return;
  desk.result.repairCount += 1;
  desk.result.verdicts.push({ charge: orderOf(row), next });
};

const refund = async (desk: Desk, object: RefundObject): Promise<void> => {
  const { db, name } = desk;
  const { key, ref, paymentRef, amount } = object;
  const row = await chargeOfPayment(db, name, paymentRef);
  const givenBack = key === undefined ? undefined : (await givenBackOf(db, [key])).get(key);
  if (key !== undefined) desk.seen.add(key);
  const pairing = pairRefund(object, givenBack, row);
  if (pairing === "mark" && givenBack !== undefined) {
    await markPaid(db, givenBack.key);
    desk.result.repairCount += 1;
    return;
  }
  if (pairing === "fine" || pairing === "mark" || pairing === "ask") return;
  await found(desk, { kind: pairing, gatewayRef: ref, chargeId: row?.chargeId ?? null, amount });
};

/** Told once more: who was told before, does nothing. */
const dispute = async (desk: Desk, object: GatewayDispute): Promise<void> => {
  const row = await chargeOfPayment(desk.db, desk.name, object.ref);
  if (row !== undefined) desk.result.chargebacks.push(newsOf(desk.name, row.chargeId, object));
  else {
    const { disputeRef: gatewayRef, amount } = object;
    await found(desk, { kind: "dispute_unheard", gatewayRef, chargeId: null, amount });
  }
};

/** What ours says and the gateway's list does not have. */
const missing = async (desk: Desk, since: Date): Promise<void> => {
  const { db, name, gateway, seen } = desk;
  for (const { chargeId, state, gatewayRef, amountMinor: minor, currency } of await chargesSince(
    db,
    name,
    since,
  ))
    if (state === "settled" && gatewayRef !== null && !seen.has(gatewayRef))
      await found(desk, { kind: "charge_missing", gatewayRef, chargeId, amount: { minor, currency } });
  if (gateway.list(since) === undefined) return;
  for (const { key } of await paidBackSince(db, name, since))
    if (!seen.has(key))
      await found(desk, { kind: "refund_missing", gatewayRef: key, chargeId: null, amount: null });
};

const found = async (desk: Desk, what: Found): Promise<void> => {
  desk.result.findingCount += 1;
  await keepFinding(desk.db, desk.name, what);
};
