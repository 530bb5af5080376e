/** A refusal as Restate knows it. Only a terminal error may leave a handler, or a promise's `map`, without a retry. */
import * as restate from "@restatedev/restate-sdk";
import {
  fromMetadata,
  type Refusal,
  RefusalError,
  type Refused,
  toMetadata,
} from "@shopnexus/contracts/kit/refusal";

export const terminal = (refused: Refused): restate.TerminalError =>
  new restate.TerminalError(refused.message, { errorCode: refused.status, metadata: toMetadata(refused) });

/**
 * A final error as an answer for whoever is told of it. What carries no code of ours (an operator's cancellation, a
 * timeout) answers as `otherwise`; a fault gives undefined.
 */
export const refusedOf = (error: unknown, otherwise: Refusal): Refused | undefined => {
  if (error instanceof RefusalError) return error.refused;
  if (!(error instanceof restate.TerminalError)) return undefined;
  const { code, status, says } = otherwise;
  return fromMetadata(error.metadata, error.code, error.message) ?? { code, status, message: says, data: {} };
};
