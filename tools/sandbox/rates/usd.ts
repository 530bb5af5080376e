/** What a dollar is worth before anyone sets it otherwise. */
export const USD_RATES: Readonly<Record<string, string>> = {
  EUR: "0.92",
  GBP: "0.79",
  JPY: "150",
  VND: "25000",
};
