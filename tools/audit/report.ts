/** What an audit says: each check, how much it looked at, and what is wrong, by name. */

/** One thing that is wrong: of what, and how. */
export type Finding = { readonly subject: string; readonly says: string };

export type Check = {
  readonly name: string;
  /** What holds when nothing is found. */
  readonly promise: string;
  /** How many things were looked at; a check that looked at nothing proves nothing, and says so. */
  readonly looked: number;
  readonly findings: readonly Finding[];
  /** All that was found, also what is not listed. */
  readonly found: number;
  /** What it finds is somebody's to see to, and no book is wrong. */
  readonly isNote?: true;
};

export type Report = { readonly ok: boolean; readonly tookMs: number; readonly checks: readonly Check[] };

/** More of one kind than anybody reads. */
const FINDING_COUNT_MAX = 50;

/** Collects what one check finds. */
export const checkOf = (name: string, promise: string) => {
  const findings: Finding[] = [];
  const seen = { looked: 0, found: 0 };
  return {
    look: (count = 1): void => {
      seen.looked += count;
    },
    find: (subject: string, says: string): void => {
      seen.found += 1;
      if (findings.length < FINDING_COUNT_MAX) findings.push({ subject, says });
    },
    end: (): Check => ({ name, promise, findings, ...seen }),
  };
};

/** Is it wrong? */
export const isWrong = ({ found, isNote }: Check): boolean => found > 0 && isNote !== true;

const headOf = (check: Check): string => {
  if (check.found === 0) return "ok   ";
  return isWrong(check) ? "WRONG" : "note ";
};

/** For people. */
export const tell = ({ ok, tookMs, checks }: Report): string =>
  [
    ...checks.flatMap((check) => [
      `${headOf(check)}  ${check.name}: ${check.promise} (${check.looked} looked at)`,
      ...check.findings.map(({ subject, says }) => `         ${subject}: ${says}`),
      ...(check.found > check.findings.length
        ? [`         and ${check.found - check.findings.length} more`]
        : []),
    ]),
    "",
    ok
      ? `The books are clean. ${tookMs} ms.`
      : `The books are NOT clean: ${checks.filter(isWrong).length} checks failed. ${tookMs} ms.`,
  ].join("\n");
