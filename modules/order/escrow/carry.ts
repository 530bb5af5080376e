import type { Escrow } from "@shopnexus/contracts/order/escrow";
import type { Step } from "#modules/_kit/handler.ts";
import { moveOnce, partyOf } from "../_kit/movements.ts";
import { carry as carriageOf } from "../_kit/money.ts";

export const carry: Step<typeof Escrow, "carry"> = async (movement, { db }) => {
  const { head, moves } = await moveOnce(db, {
    ...movement,
    kind: "carry",
    move: (line) => {
      const move = carriageOf(line);
      return move.carriedMinor === 0 ? undefined : move;
    },
  });
  return { party: partyOf(head), minor: moves.reduce((sum, { carriedMinor }) => sum + carriedMinor, 0) };
};
