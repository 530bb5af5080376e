import { emit } from "../hooks/events.ts";
import { enter } from "../ledger/transactions.ts";
import { newId, seconds } from "../money/shapes.ts";
import { amountOf, currencyOf } from "../money/terms.ts";
import { refused, unknownObject } from "../wire/errors.ts";
import { page } from "../wire/lists.ts";
import { metadata, only, required, text } from "../wire/params.ts";
import type { Call, Operation, World } from "../world.ts";
import { isClosed, type Transfer, transferShape } from "./shapes.ts";

const KNOWN = new Set([
  "amount",
  "currency",
  "description",
  "destination",
  "metadata",
  "source_transaction",
  "source_type",
  "transfer_group",
]);
const LIST = new Set([
  "limit",
  "starting_after",
  "ending_before",
  "created",
  "destination",
  "transfer_group",
]);

/** Moves money from the shop's balance to an account of Connect. The balance may fall below zero. */
export const createTransfer: Operation = (call): Transfer => {
  const { world, params } = call;
  only(params, KNOWN);
  const currency = currencyOf(required(params, "currency"));
  required(params, "amount");
  const amount = amountOf(params, currency) ?? 0;
  const id = newId("tr");
  const asked = {
    id,
    amount,
    created: seconds(world.now()),
    currency,
    description: text(params, "description") ?? null,
    destination: destinationOf(world, required(params, "destination")),
    metadata: metadata(params),
    source_transaction: sourceOf(call),
    transfer_group: text(params, "transfer_group") ?? null,
  };
  // From here on nothing refuses.
  const { id: moved } = enter(world, { type: "transfer", amount: -amount, currency, source: id });
  const transfer = transferShape({ ...asked, balance_transaction: moved });
  world.transfers.put(transfer);
  emit(call, "transfer.created", transfer);
  return transfer;
};

export const transferOf = ({ world, id }: Pick<Call, "world" | "id">): Transfer => {
  const transfer = world.transfers.get(id);
  if (transfer === undefined) throw unknownObject("transfer", id, { param: "id" });
  return transfer;
};

export const listTransfers: Operation = ({ world, params }) => {
  only(params, LIST);
  const destination = text(params, "destination");
  const group = text(params, "transfer_group");
  return page(world.transfers, params, {
    url: "/v1/transfers",
    keeps: (item) =>
      (destination === undefined || item.destination === destination) &&
      (group === undefined || item.transfer_group === group),
  });
};

const destinationOf = (world: World, id: string): string => {
  if (!/^acct_./.test(id)) throw unknownObject("destination", id, { param: "destination", status: 400 });
  const account = world.accounts.get(id);
  if (account === undefined || !isClosed(account)) return id;
  throw refused(
    "Your destination account needs to have at least one of the following capabilities enabled: transfers, crypto_transfers, legacy_payments",
    { code: "insufficient_capabilities_for_transfer" },
  );
};

const sourceOf = ({ world, params }: Call): string | null => {
  const id = text(params, "source_transaction");
  if (id === undefined) return null;
  if (world.charges.get(id) !== undefined) return id;
  throw unknownObject("charge", id, { param: "source_transaction", status: 400 });
};
