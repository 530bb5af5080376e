import type { Code } from "./shapes.ts";
import type { Fields } from "./signature.ts";
import type { VnpayWorld } from "./world.ts";

/** A command of the merchant API: its fields in the order they are signed, at both ends, and what it does. */
export type Command = {
  asks: readonly string[];
  answers: readonly string[];
  /** Executed at once, as everything here. Refuses by a code. */
  run(world: VnpayWorld, asked: Fields): Fields | Code;
};

/** The name under which a request that was taken is remembered. */
export const requestIdOf = (asked: Fields): string => `${asked["vnp_Command"]} ${asked["vnp_RequestId"]}`;
