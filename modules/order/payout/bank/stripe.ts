/** Stripe Connect, through Stripe's own package: a payout is a transfer to the seller's account there. */
import Stripe from "stripe";
import { money } from "@shopnexus/contracts/kit/money";
import { SECOND_MS } from "@shopnexus/contracts/kit/time";
import type { StripeSettings } from "#modules/_kit/settings.ts";
import { stripeClient } from "../../charge/gateway/stripe-client.ts";
import type { Payouts, TransferOrder, TransferReport } from "./port.ts";

const PAGE = 100;

export const openStripePayouts = (settings: StripeSettings): Payouts => {
  const stripe = stripeClient(settings);
  return {
    send: (order) => send(stripe, order),
    find: async (payoutId) => {
      const { data } = await stripe.transfers.list({ transfer_group: payoutId, limit: 1 });
      return data[0] === undefined ? undefined : toReport(data[0]);
    },
    status: async (ref) => toReport(await stripe.transfers.retrieve(ref)),
    list: (sinceMs) => list(stripe, sinceMs),
  };
};

/** What becomes possible again without anybody changing the payout: our own balance is short, or two asked at once. */
const PASSING = new Set(["balance_insufficient", "lock_timeout", "idempotency_key_in_use"]);

const send = async (stripe: Stripe, order: TransferOrder): Promise<TransferReport | { refusal: string }> => {
  const { payoutId, destination, amount } = order;
  try {
    const transfer = await stripe.transfers.create(
      {
        amount: amount.minor,
        currency: amount.currency.toLowerCase(),
        destination,
        transfer_group: payoutId,
        metadata: { payout_id: payoutId },
      },
      { idempotencyKey: payoutId },
    );
    return toReport(transfer);
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError) || PASSING.has(error.code ?? ""))
      throw error;
    return { refusal: error.code ?? error.param ?? "refused" };
  }
};

async function* list(stripe: Stripe, sinceMs: number): AsyncIterable<TransferReport> {
  const created = { gte: Math.floor(sinceMs / SECOND_MS) };
  for await (const transfer of stripe.transfers.list({ created, limit: PAGE })) yield toReport(transfer);
}

const toReport = (transfer: Stripe.Transfer): TransferReport => ({
  ref: transfer.id,
  payoutId: transfer.metadata["payout_id"],
  destination:
    typeof transfer.destination === "string" ? transfer.destination : (transfer.destination?.id ?? ""),
  amount: money(transfer.amount, transfer.currency.toUpperCase()),
  returnedMinor: transfer.amount_reversed,
  sentAtMs: transfer.created * SECOND_MS,
});
