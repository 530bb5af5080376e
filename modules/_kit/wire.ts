/** How inputs are read off the wire: leniently, because the wrapper judges them and answers with a code of ours. */
import type { Operation } from "@shopnexus/contracts/kit/contract";
import type { Serde } from "@restatedev/restate-sdk-core";

/** Stands for a body that is no JSON; no schema takes it. */
export const NOT_JSON = Symbol("not JSON");

/** The contract's own serde for discovery, with a reading that never throws. An empty body reads as `{}`. */
export const wireInput = (operation: Operation): Serde<unknown> => ({
  ...(operation._inputSerde?.jsonSchema !== undefined && { jsonSchema: operation._inputSerde.jsonSchema }),
  contentType: "application/json",
  serialize: (value) => new TextEncoder().encode(JSON.stringify(value)),
  deserialize: (bytes) => {
    if (bytes.length === 0) return {};
    try {
      return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as unknown;
    } catch {
      return NOT_JSON;
    }
  },
});
