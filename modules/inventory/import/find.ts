import type { Import } from "@shopnexus/contracts/inventory/import";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { findOwnImport } from "./rows.ts";

export const find: Step<typeof Import, "find"> = ({ importId }, { db, who }) =>
  findOwnImport(db.$client, importId, accountOf(who).accountId);
