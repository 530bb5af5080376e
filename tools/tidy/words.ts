import type { Check } from "./_kit/check.ts";

/** Words that belong to the workshop and not to the product. */
export const check: Check = {
  id: "words",
  why: "the product is read by people who were not there when it was made",
  find: ({ sources }) =>
    sources
      .filter(({ path }) => !path.startsWith("tools/tidy/words"))
      .flatMap(({ path, lines }) =>
        lines.flatMap((text, index) =>
          WORDS.filter(({ word }) => word.test(text)).map(({ word, instead }) => ({
            path,
            line: index + 1,
            what: `"${word.exec(text)?.[0]}"`,
            instead,
          })),
        ),
      ),
};

/** Grows as the house learns; the check looks for each in every text file. */
export const WORDS: readonly { word: RegExp; instead: string }[] = [
  { word: /\bissues? #?\d+\b|\bissue #/i, instead: "the reason itself" },
  { word: /(^|[\s"'`(=:])\/(root|home|Users|work)\/\w/, instead: "a path relative to the project" },
  { word: /\bas (we )?discussed\b|\bper (the )?request\b/i, instead: "the reason itself" },
];
