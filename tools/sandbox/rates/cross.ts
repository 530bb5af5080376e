// As many as a shop may take on either side of the point.
const DECIMALS = 12;

type Fraction = { digits: bigint; scale: bigint };

const fractionOf = (decimal: string): Fraction => {
  const [units = "0", decimals = ""] = decimal.split(".");
  return { digits: BigInt(units + decimals), scale: 10n ** BigInt(decimals.length) };
};

/** `to / from` of two rates against one currency, as a decimal of at most 12 places, half of the last one rounded up. */
export const crossRate = (from: string, to: string): string => {
  const [divisor, dividend] = [fractionOf(from), fractionOf(to)];
  const above = dividend.digits * divisor.scale * 10n ** BigInt(DECIMALS);
  const below = divisor.digits * dividend.scale;
  const text = String((above * 2n + below) / (below * 2n)).padStart(DECIMALS + 1, "0");
  return `${text.slice(0, -DECIMALS)}.${text.slice(-DECIMALS)}`.replace(/\.?0+$/, "");
};
