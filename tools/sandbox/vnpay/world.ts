import { openShelf, type Shelf } from "../shelf.ts";
import type { Dispatch } from "../hooks/dispatch.ts";
import type { Delivery } from "../hooks/delivery.ts";
import { type Faults, makeFaults } from "../weather/faults.ts";
import type { World } from "../world.ts";
import { makeNotifier } from "./notifier.ts";
import type { Notice, Payment, Request, Transaction } from "./shapes.ts";

export type VnpayOptions = {
  /** vnp_TmnCode. */
  terminalCode: string;
  hashSecret: string;
  ipnUrl?: string | undefined;
  /** VNPay calls again after five minutes, ten times in all; here after half a second. */
  ipnRetryMs?: number | undefined;
};

/** Everything VNPay knows. */
export type VnpayWorld = {
  payments: Shelf<Payment>;
  transactions: Shelf<Transaction>;
  notices: Shelf<Notice>;
  deliveries: Shelf<Delivery>;
  requests: Shelf<Request>;
  faults: Faults;
  notifier: Dispatch<Notice>;
  /** Undefined where the sandbox was given none: then every merchant is unknown. */
  merchant: Pick<VnpayOptions, "terminalCode" | "hashSecret"> | undefined;
  now(): number;
  reset(): void;
};

const IPN_RETRY_MS = 500;

export const openVnpayWorld = (
  { store, now }: World,
  options: VnpayOptions | undefined,
  seed: number,
): VnpayWorld => {
  const faults = makeFaults(seed);
  const shelves = {
    payments: openShelf<Payment>("vnpay payment", store),
    transactions: openShelf<Transaction>("vnpay transaction", store),
    notices: openShelf<Notice>("vnpay notice", store),
    deliveries: openShelf<Delivery>("vnpay delivery", store),
    requests: openShelf<Request>("vnpay request", store),
  };
  const { notices, deliveries } = shelves;
  const retryMs = options?.ipnRetryMs ?? IPN_RETRY_MS;
  const notifier = makeNotifier({ events: notices, deliveries, faults, now }, retryMs);
  return {
    ...shelves,
    faults,
    notifier,
    merchant: options,
    now,
    reset: () => {
      faults.clear();
      notifier.drop();
      for (const shelf of Object.values(shelves)) shelf.clear();
    },
  };
};
