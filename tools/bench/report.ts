/** Everything the bench found, and the ratios within it. */
import type { Books } from "./books.ts";
import type { Drops } from "./drops.ts";
import type { Lives } from "./lives.ts";
import type { Measured } from "./measure.ts";
import type { Memory } from "./proc.ts";
import type { Profile } from "./profile.ts";
import { round } from "./rules.ts";
import type { Verdict } from "./verdict.ts";

export type Buyers = {
  readonly fused: readonly Measured[];
  readonly unfused: readonly Measured[];
  readonly checks: Readonly<Record<string, Verdict>>;
};
export type MemoryReading = Readonly<Record<string, Memory>>;
export type Findings = {
  readonly buyers?: Buyers;
  readonly noop?: readonly Measured[];
  readonly lives?: Lives;
  readonly books?: Books;
  readonly drops?: Drops;
  readonly memory?: { readonly before: MemoryReading; readonly after: MemoryReading };
  readonly profile?: Profile;
};
type Ratio = { readonly atOnce: number; readonly times: number };
export type Report = Findings & {
  readonly machine: { readonly cores: number; readonly model: string; readonly node: string };
  readonly seconds: number;
  readonly warmSeconds: number;
  /** How many times as fast: fused to not fused; no-ops to orders. */
  readonly ratios: { readonly fused: readonly Ratio[]; readonly noop: readonly Ratio[] };
  readonly isOk: boolean;
};

const ratiosOf = (fast: readonly Measured[] = [], slow: readonly Measured[] = []): Ratio[] =>
  fast.flatMap(({ atOnce, perSecond }) => {
    const other = slow.find((run) => run.atOnce === atOnce)?.perSecond ?? 0;
    return other === 0 ? [] : [{ atOnce, times: round(perSecond / other) }];
  });

export const reportOf = (
  findings: Findings,
  about: Pick<Report, "machine" | "seconds" | "warmSeconds">,
): Report => {
  const { buyers, noop, books, lives, drops } = findings;
  const runs = [...(buyers?.fused ?? []), ...(buyers?.unfused ?? []), ...(noop ?? [])];
  const hasFailed = runs.some(({ errors, done }) => done === 0 || Object.keys(errors).length > 0);
  const isClean = Object.values(buyers?.checks ?? {}).every((check) => check.isClean);
  return {
    ...about,
    ...findings,
    ratios: { fused: ratiosOf(buyers?.fused, buyers?.unfused), noop: ratiosOf(noop, buyers?.fused) },
    isOk:
      !hasFailed &&
      isClean &&
      (books?.runs ?? []).every((run) => run.isClean) &&
      lives?.isClean !== false &&
      drops?.isEnough !== false,
  };
};
