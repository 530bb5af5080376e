/** VNPay's signatures: HMAC-SHA512 over a sorted form, or over values between bars. Source: its API 2.1.0. */
import { createHmac, timingSafeEqual } from "node:crypto";

export type Fields = Readonly<Record<string, string>>;

const HASH = "vnp_SecureHash";
const UNSIGNED = new Set([HASH, "vnp_SecureHashType"]);

/** As a form encodes: a space is a plus, and of the signs only dot, dash and underscore stay as they are. */
const encode = (text: string): string =>
  encodeURIComponent(text)
    .replaceAll("%20", "+")
    .replace(/[!'()*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** What is signed of a form: VNPay's own fields, none empty, by name. */
export const signedForm = (fields: Fields): string =>
  Object.entries(fields)
    .filter(([name, value]) => name.startsWith("vnp_") && !UNSIGNED.has(name) && value !== "")
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join("&");

/** A query string with its signature at the end. */
export const signQuery = (fields: Fields, secret: string): string => {
  const form = signedForm(fields);
  return `${form}&${HASH}=${hmac(form, secret)}`;
};

/** The fields of a query that VNPay has signed; undefined for any other, and for one that names a field twice. */
export const readQuery = (query: string, secret: string): Fields | undefined => {
  const pairs = [...new URLSearchParams(query)];
  const fields = Object.fromEntries(pairs);
  if (pairs.length !== Object.keys(fields).length) return undefined;
  return isSigned(fields, signedForm(fields), secret) ? fields : undefined;
};

/** A request's or an answer's signature: the values of the named fields, in that order, between bars. */
export const signValues = (fields: Fields, names: readonly string[], secret: string): string =>
  hmac(valuesOf(fields, names), secret);

export const areValuesSigned = (fields: Fields, names: readonly string[], secret: string): boolean =>
  isSigned(fields, valuesOf(fields, names), secret);

const valuesOf = (fields: Fields, names: readonly string[]): string =>
  names.map((name) => fields[name] ?? "").join("|");

/** Nothing is signed with an empty secret: anybody could. Both hashes have one length, so the time tells nothing. */
const isSigned = (fields: Fields, text: string, secret: string): boolean => {
  const given = Buffer.from((fields[HASH] ?? "").toLowerCase());
  const right = Buffer.from(hmac(text, secret));
  return secret !== "" && given.length === right.length && timingSafeEqual(given, right);
};

const hmac = (text: string, secret: string): string =>
  createHmac("sha512", secret).update(text, "utf8").digest("hex");
