import { emit } from "../hooks/events.ts";
import { enter } from "../ledger/transactions.ts";
import { newId, seconds } from "../money/shapes.ts";
import { refused } from "../wire/errors.ts";
import type { Form } from "../wire/form.ts";
import { page } from "../wire/lists.ts";
import { integer, metadata, only } from "../wire/params.ts";
import type { Operation } from "../world.ts";
import type { Reversal, Transfer } from "./shapes.ts";
import { transferOf } from "./transfers.ts";

const KNOWN = new Set(["amount", "description", "metadata", "refund_application_fee"]);
const LIST = new Set(["limit", "starting_after", "ending_before"]);
// An object shows its latest parts; the list has all.
const SHOWN = 10;

/** Takes a transfer back, all that is left of it or a part. */
export const reverseTransfer: Operation = (call): Reversal => {
  const { world, params } = call;
  only(params, KNOWN);
  const transfer = transferOf(call);
  const asked = { amount: amountToReverse(transfer, params), metadata: metadata(params) };
  const id = newId("trr");
  const { currency } = transfer;
  const reversal: Reversal = {
    id,
    object: "transfer_reversal",
    ...asked,
    balance_transaction: enter(world, { type: "transfer_refund", amount: asked.amount, currency, source: id })
      .id,
    created: seconds(world.now()),
    currency,
    destination_payment_refund: null,
    source_refund: null,
    transfer: transfer.id,
  };
  const after = withReversal(transfer, reversal);
  world.reversals.put(reversal);
  world.transfers.put(after);
  emit(call, "transfer.reversed", after);
  return reversal;
};

export const listReversals: Operation = (call) => {
  only(call.params, LIST);
  const { id } = transferOf(call);
  return page(call.world.reversals, call.params, {
    url: `/v1/transfers/${id}/reversals`,
    keeps: ({ transfer }) => transfer === id,
  });
};

const amountToReverse = (transfer: Transfer, params: Form): number => {
  const left = transfer.amount - transfer.amount_reversed;
  const amount = integer(params, "amount", 1) ?? left;
  if (left === 0) throw refused(`Transfer ${transfer.id} has already been fully reversed.`);
  if (amount <= left) return amount;
  throw refused(`Reversal amount (${amount}) is greater than unreversed amount on transfer (${left}).`, {
    param: "amount",
  });
};

const withReversal = (transfer: Transfer, reversal: Reversal): Transfer => {
  const reversed = transfer.amount_reversed + reversal.amount;
  const { data } = transfer.reversals;
  return {
    ...transfer,
    amount_reversed: reversed,
    reversed: reversed === transfer.amount,
    reversals: {
      ...transfer.reversals,
      data: [reversal, ...data].slice(0, SHOWN),
      has_more: transfer.reversals.has_more || data.length >= SHOWN,
    },
  };
};
