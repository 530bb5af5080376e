import { Import, ImportRefusals, type ImportView } from "@shopnexus/contracts/inventory/import";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { serveAll } from "../backorder/allot.ts";
import { inParts } from "./rules.ts";

/** As many SKUs as one serving takes. */
const SERVED_SKU_COUNT_MAX = 100;
const SHOWN_PROBLEM_COUNT_MAX = 100;

export const apply: Handler<typeof Import, "apply"> = async (ctx, whole, { who }) => {
  const { accountId } = accountOf(who);
  const { view, awaitedSkuIds } = await call(ctx, Import).settle({ ...whole, sellerId: accountId });
  for (const [at, skuIds] of inParts(awaitedSkuIds, SERVED_SKU_COUNT_MAX).entries())
    await serveAll(ctx, `${whole.importId}/${at}`, skuIds);
  if (view.state === "refused") throw refusalOf(view);
  return view;
};

const refusalOf = ({ importId, problemCount, problems }: ImportView) =>
  refuse(ImportRefusals.IMPORT_REFUSED, {
    importId,
    problemCount,
    problems: problems.slice(0, SHOWN_PROBLEM_COUNT_MAX),
  });
