import { createHmac, timingSafeEqual } from "node:crypto";

export type Fields = Readonly<Record<string, string>>;

const HASH = "vnp_SecureHash";
const UNSIGNED = new Set([HASH, "vnp_SecureHashType"]);
const PLAIN = /[A-Za-z0-9._-]/;
const SPACE = 0x20;

/** A form's encoding (RFC 1738), byte by byte: a space is a plus, and only letters, digits, dots, underscores and
 *  dashes stay as they are. Written out here so that it shares no mistake with the shop's own. */
export const formEncoded = (text: string): string => {
  let encoded = "";
  for (const byte of Buffer.from(text, "utf8")) {
    const character = String.fromCharCode(byte);
    if (byte === SPACE) encoded += "+";
    else if (PLAIN.test(character)) encoded += character;
    else encoded += `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return encoded;
};

/** The fields as they are signed: VNPay's own, none empty, by name. */
export const canonical = (fields: Fields): string =>
  Object.keys(fields)
    .filter((name) => name.startsWith("vnp_") && !UNSIGNED.has(name) && fields[name] !== "")
    .toSorted((one, other) => (one < other ? -1 : 1))
    .map((name) => `${formEncoded(name)}=${formEncoded(fields[name] ?? "")}`)
    .join("&");

/** A query string with its signature at the end. */
export const signedQuery = (fields: Fields, secret: string): string => {
  const query = canonical(fields);
  return `${query}&${HASH}=${hmac(query, secret)}`;
};

export const isSignedQuery = (fields: Fields, secret: string): boolean =>
  isSame(fields[HASH], hmac(canonical(fields), secret));

/** An answer or a request of the merchant API: the values of the named fields, in that order, between bars. */
export const listHash = (fields: Fields, names: readonly string[], secret: string): string =>
  hmac(names.map((name) => fields[name] ?? "").join("|"), secret);

export const isSignedList = (fields: Fields, names: readonly string[], secret: string): boolean =>
  isSame(fields[HASH], listHash(fields, names, secret));

const hmac = (text: string, secret: string): string =>
  createHmac("sha512", secret).update(Buffer.from(text, "utf8")).digest("hex");

const isSame = (given: string | undefined, right: string): boolean => {
  const [one, other] = [Buffer.from((given ?? "").toLowerCase()), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
};
