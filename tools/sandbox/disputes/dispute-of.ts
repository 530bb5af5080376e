import { unknownObject } from "../wire/errors.ts";
import type { Call } from "../world.ts";
import type { Dispute } from "./shapes.ts";

export const disputeOf = ({ world, id }: Pick<Call, "world" | "id">): Dispute => {
  const dispute = world.disputes.get(id);
  if (dispute === undefined) throw unknownObject("dispute", id, { param: "dispute" });
  return dispute;
};
