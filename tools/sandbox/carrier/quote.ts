import { JsonRefusal, read } from "../wire/json.ts";
import { isServed, OFFERS } from "./carriers.ts";
import type { Operation } from "./gate.ts";
import { type Quote, quoting } from "./shapes.ts";
import { priceOf } from "./tariff.ts";

/** What everyone who goes there and is up would take for it, cheapest first. */
export const quote: Operation = ({ world, body }) => {
  const { from, to, parcel, currency } = read(quoting, body);
  if (!isServed(from, to)) return { status: 200, body: { quotes: [] } };
  const up = OFFERS.filter(({ carrier }) => world.troubles.get(carrier)?.isDown !== true);
  // No quote would mean that nobody goes there, which nobody can know now.
  if (up.length === 0) throw new JsonRefusal(503, "carrier_down", "No carrier answers. Ask again later.");
  const quotes = up.map(
    ({ carrier, service, basisPoints, days }): Quote => ({
      carrier,
      service,
      price: priceOf(world.tariff, { parcel, basisPoints, currency }),
      days,
    }),
  );
  return {
    status: 200,
    body: { quotes: quotes.toSorted((one, other) => one.price.minor - other.price.minor) },
  };
};
