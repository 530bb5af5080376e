import { type Charge, ChargeRefusals } from "@shopnexus/contracts/order/charge";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { assert } from "#modules/_kit/assert.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { findGateway } from "./gateway/gateways.ts";
import { type ChargeRow, findCharge, insertCharge, moveCharge, openingOf } from "./rows.ts";

/** The row is there before the gateway hears of it: a void that finds no row knows that there is nothing to cancel. */
export const open: Step<typeof Charge, "open"> = async (order, { db, settings }) => {
  const { chargeId, amount } = order;
  if (amount.minor === 0) {
    await insertCharge(db, order, { state: "paid", paidMinor: 0, paidCurrency: amount.currency });
    return stateOf(beOpen(await findCharge(db, chargeId)));
  }
  await insertCharge(db, order, { state: "opening" });
  const before = beOpen(await findCharge(db, chargeId));
  if (before.state !== "opening") return stateOf(before);
  const gateway = findGateway(settings, order.gateway);
  if (gateway === undefined) throw refuse(ChargeRefusals.GATEWAY_UNAVAILABLE, {});
  const payable = await gateway.open(await openingOf(db, before));
  if (payable === undefined) throw refuse(ChargeRefusals.AMOUNT_UNPAYABLE, {});
  const { ref, clientSecret, redirectUrl } = payable;
  const opened = await moveCharge(
    db,
    { chargeId, from: ["opening"] },
    { state: "open", gatewayRef: ref, clientSecret, redirectUrl },
  );
  return stateOf(opened ?? beOpen(await findCharge(db, chargeId)));
};

const beOpen = (row: ChargeRow | undefined): ChargeRow => {
  assert(row !== undefined, "it was inserted above, and charges are never deleted");
  if (row.state === "voiding" || row.state === "voided") throw refuse(ChargeRefusals.CHARGE_VOIDED, {});
  return row;
};

const stateOf = ({ state }: ChargeRow) => ({ state });
