const DECIMALS = 2;

/** A price of the catalogue, a number with two decimals at most, in cents. By its digits: 9.99 * 100 is not 999. */
export const toMinor = (price: number): number => {
  const found = /^(\d+)(?:\.(\d{1,2}))?$/.exec(String(price));
  if (found === null) throw new RangeError(`${price} is not a price with two decimals at most`);
  const [, units = "", cents = ""] = found;
  return Number(`${units}${cents.padEnd(DECIMALS, "0")}`);
};
