import type { Shelf } from "../shelf.ts";
import type { Faults } from "../weather/faults.ts";
import type { Carried, Delivery } from "./delivery.ts";
import { type Dispatch, makeDispatch } from "./dispatch.ts";
import { type Letter, makePoster } from "./post.ts";

/** Takes events to the webhook, again and again until it says 2xx. */
export type Courier<E extends Carried> = Dispatch<E>;

type Parts<E extends Carried> = {
  events: Pick<Shelf<E>, "get">;
  deliveries: Shelf<Delivery>;
  faults: Faults;
  now(): number;
  /** Made anew for every attempt: a signature grows old. */
  seal(event: E): Letter;
};

export const makeCourier = <E extends Carried>(parts: Parts<E>): Courier<E> => {
  const poster = makePoster();
  const dispatch = makeDispatch<E>({
    ...parts,
    knock: async (event, url) => ({ status: await poster.post(url, parts.seal(event)), error: null }),
  });
  return {
    ...dispatch,
    stop: () => {
      dispatch.stop();
      poster.close();
    },
  };
};
