import { at, type Check, type Finding } from "./_kit/check.ts";

/** A promise to do it later has a date; a rule that is switched off has a reason. */
export const check: Check = {
  id: "comments",
  why: "a comment is a sentence that somebody will believe",
  find: ({ code }) =>
    code.flatMap((source) =>
      source.comments().flatMap((comment): Finding[] =>
        BANS.filter(({ bad }) => bad.test(comment.value)).map(({ what, instead }) => ({
          ...at(source, comment),
          what,
          instead,
        })),
      ),
    ),
};

const BANS = [
  {
    bad: /^\W*(TODO|FIXME|XXX|HACK)\b(?![\s\S]*\d{4}-\d\d-\d\d)/,
    what: "a TODO without a date",
    instead: "TODO by 2026-12-31: what and why",
  },
  {
    bad: /^\s*(oxlint|eslint)-disable(?!.* -- \S)/,
    what: "a rule switched off without a reason",
    instead: "oxlint-disable-next-line <rule> -- the reason",
  },
  { bad: /^\s*@ts-(ignore|nocheck)/, what: "@ts-ignore", instead: "@ts-expect-error with the reason" },
  {
    bad: /^\s*@ts-expect-error\s*$/,
    what: "@ts-expect-error without a reason",
    instead: "@ts-expect-error the reason",
  },
  { bad: /^\W*[=─━*#-]{8,}/, what: "a banner", instead: "a file for what it announces" },
];
