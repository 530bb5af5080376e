/** Ids are UUIDv7 in hex behind a prefix that says what they name: `ord_0192…`. The registry is append only. */
import { z } from "zod";

export const ID_PREFIXES = {
  acc: "account",
  ses: "session",
  adr: "address",
  ent: "ledger entry",
  cat: "category",
  lst: "listing",
  sku: "stock keeping unit",
  hld: "stock hold",
  mov: "stock movement",
  prm: "promotion",
  phd: "promotion hold",
  chk: "checkout",
  lin: "checkout line",
  ord: "order",
  chg: "charge",
  evt: "event",
  whd: "wallet hold",
  shp: "shipment",
  rfd: "refund",
  dsp: "dispute",
  pay: "payout",
  fil: "file",
  msg: "message",
  cbk: "chargeback",
  par: "parcel",
  drp: "drop",
  tkt: "drop ticket",
  loc: "location",
  imp: "import",
  spl: "supplier",
  pur: "purchase order",
} as const;
export type IdPrefix = keyof typeof ID_PREFIXES;

/** The schema of an id with this prefix. */
export const id = (prefix: IdPrefix) => z.string().regex(new RegExp(`^${prefix}_[0-9a-f]{32}$`));

const hex = (value: number, digits: number): string =>
  value.toString(16).padStart(digits, "0").slice(-digits);

/** A UUIDv7 from a clock and dice: `random` gives numbers from 0 up to 1. Source: RFC 9562, 5.7. */
export const makeId = (prefix: IdPrefix, nowMs: number, random: () => number): string => {
  const nibbles = (digits: number): string =>
    Array.from({ length: digits }, () => hex(Math.floor(random() * 16), 1)).join("");
  const variant = hex(8 + Math.floor(random() * 4), 1);
  return `${prefix}_${hex(nowMs, 12)}7${nibbles(3)}${variant}${nibbles(15)}`;
};

/** For clients: a fresh id by this machine's clock and dice. Inside a handler the journal's are used instead. */
export const freshId = (prefix: IdPrefix): string => {
  const dice = crypto.getRandomValues(new Uint32Array(19));
  let drawn = 0;
  return makeId(prefix, Date.now(), () => (dice[drawn++] ?? 0) / 2 ** 32);
};
