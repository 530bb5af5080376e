import type { Location } from "@shopnexus/contracts/inventory/location";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { listLocations } from "./rows.ts";

export const list: Step<typeof Location, "list"> = async (_nothing, { db, who }) => ({
  locations: [...(await listLocations(db.$client, accountOf(who).accountId))],
});
