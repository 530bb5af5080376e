import type { Check, Finding, Tree } from "./_kit/check.ts";
import type { Component, Op } from "./_kit/page.ts";
import type { Source } from "./_kit/source.ts";

/** Each operation of a contract page says what it promises, in lines that a tool can hold to the card. */
export const check: Check = {
  id: "docstrings",
  why: "the promise has one home, and it is the contract line",
  find: (tree: Tree) =>
    tree
      .pages()
      .flatMap(({ source, components }) =>
        components.flatMap((one) => one.ops.flatMap((op) => ofOp(source, one, op))),
      ),
};

export const DOC_LINES_MAX = 8;
const WORDS = ["Takes", "Gives", "Refuses", "Repeats", "Undo", "Source"] as const;
const WORD = new RegExp(`^(${WORDS.join("|")})\\b:?\\s*(.*)$`);

type Promised = { prose: string[]; words: Map<string, string>; stray: string[] };

const ofOp = (source: Source, component: Component, op: Op): Finding[] => {
  const path = source.path;
  const name = `${component.name}/${op.name}`;
  if (!op.doc) {
    return [
      {
        path,
        line: op.line,
        what: `${name} has no docstring`,
        instead: "/** What it does. Takes … Gives … Refuses … Repeats … */",
      },
    ];
  }
  const place = { path, line: op.doc.line };
  const promised = read(op.doc.lines);
  return [
    ...shape(name, op.doc.lines, promised).map((finding) => ({ ...place, ...finding })),
    ...agrees(name, op, promised).map((finding) => ({ ...place, ...finding })),
  ];
};

/** Prose first, then words; a line that is set in belongs to the word above it. */
const read = (lines: readonly string[]): Promised => {
  const promised: Promised = { prose: [], words: new Map(), stray: [] };
  let last: string | undefined;
  for (const line of lines) {
    const isSentence = line === lines[0] && !/^\w+(:|\s{2})/.test(line);
    const [, word, rest = ""] = (!isSentence && WORD.exec(line)) || [];
    if (word) promised.words.set(word, rest);
    else if (last === undefined) promised.prose.push(line);
    else if (/^\s/.test(line)) promised.words.set(last, `${promised.words.get(last)} ${line.trim()}`);
    else promised.stray.push(line.trim());
    last = word ?? last;
  }
  return promised;
};

type Said = Pick<Finding, "what" | "instead">;

const shape = (name: string, lines: readonly string[], { prose, stray }: Promised): Said[] => [
  ...(lines.length > DOC_LINES_MAX
    ? [{ what: `${name} says it in ${lines.length} lines`, instead: `at most ${DOC_LINES_MAX}` }]
    : []),
  ...(prose.length === 0
    ? [{ what: `${name} does not say what it does`, instead: "one sentence first" }]
    : []),
  ...stray.map((line) => ({ what: `"${line}" begins with no word`, instead: `one of ${WORDS.join(", ")}` })),
];

const CODE = /\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b|\b[A-Z]{4,}\b/g;

const agrees = (name: string, op: Op, { words }: Promised): Said[] => [
  ...refusesAgree(name, op, words.get("Refuses") ?? ""),
  ...undoAgrees(name, op, words.get("Undo")),
];

const refusesAgree = (name: string, op: Op, text: string): Said[] => {
  const told = [...text.matchAll(CODE)].map(([code]) => code);
  const untold = op.refuses.filter((code) => !told.includes(code));
  const unkept = told.filter((code) => !op.refuses.includes(code));
  const instead = op.refuses.length > 0 ? `Refuses  ${op.refuses.join(", ")}` : "no Refuses line";
  return [
    ...(untold.length > 0
      ? [{ what: `${name} refuses ${untold.join(", ")} without saying so`, instead }]
      : []),
    ...(unkept.length > 0
      ? [{ what: `${name} says ${unkept.join(", ")}, and its card does not`, instead }]
      : []),
  ];
};

const undoAgrees = (name: string, { undo }: Op, text: string | undefined): Said[] => {
  if (undo === undefined || text?.split(/\W+/).includes(undo)) return [];
  const what =
    text === undefined ? `${name} does not say its undo` : `${name} says another undo than its card`;
  return [{ what, instead: `Undo     ${undo}` }];
};
