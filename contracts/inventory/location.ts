/** Where a seller keeps pieces: warehouses, shops, a garage. One of them is the default. */
import { z } from "zod";
import { read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { refusals } from "../_kit/refusal.ts";
import { Nothing, text } from "../_kit/word.ts";

export const LOCATION_COUNT_MAX = 100;

export const LocationView = z.object({
  locationId: id("loc"),
  name: z.string(),
  /** Here arrives what says not where, and from here goes what can. */
  isDefault: z.boolean(),
});
export type LocationView = z.infer<typeof LocationView>;

export const LocationRefusals = refusals({
  LOCATION_UNKNOWN: { status: 404, says: "There is no such location of yours." },
  LOCATIONS_FULL: { status: 409, says: "You have as many locations as a seller may have." },
});

export const Location = service("Location", {
  /** Adds a location of the caller's. The first one is the default.
   *  Takes    name, up to 80 characters, unique among the caller's
   *  Refuses  LOCATIONS_FULL (100 of them)
   *  Repeats  same name: the same location */
  add: step(z.strictObject({ name: text(80) }), LocationView, {
    who: "seller",
    refuses: [LocationRefusals.LOCATIONS_FULL],
    http: "POST /me/locations",
  }),

  /** The caller's locations, the default first, then by name. */
  list: read(Nothing, z.object({ locations: z.array(LocationView) }), {
    who: "seller",
    http: "GET /me/locations",
  }),

  /** Makes a location of the caller's the default.
   *  Refuses  LOCATION_UNKNOWN, also for somebody else's
   *  Repeats  nothing changes */
  choose: step(z.strictObject({ locationId: id("loc") }), LocationView, {
    who: "seller",
    refuses: [LocationRefusals.LOCATION_UNKNOWN],
    http: "PUT /me/locations/{locationId}/default",
  }),
});
