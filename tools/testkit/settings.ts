/** Settings for tests: a key made for this run, and no gateway unless a test starts one. */
import { generateKeyPairSync } from "node:crypto";
import { MINUTE_MS, DAY_MS } from "@shopnexus/contracts/kit/time";
import { DEADLINES } from "#modules/_kit/deadlines.ts";
import type { Settings } from "#modules/_kit/settings.ts";

const { privateKey } = generateKeyPairSync("ed25519");

export const testSettings: Settings = {
  auth: {
    privateJwk: JSON.stringify(privateKey.export({ format: "jwk" })),
    issuer: "shopnexus-test",
    accessMs: 10 * MINUTE_MS,
    refreshMs: 30 * DAY_MS,
  },
  deadlines: DEADLINES,
  payouts: { minimumUnits: 10, approvalUnits: 1_000 },
};
