import { type Comment, type Node, parseSync, visitorKeys } from "oxc-parser";
import { TESTS } from "../../rooms.ts";

/** The nodes whose type may be T; `Extract` would lose those, such as classes, that go by two types. */
export type NodeOf<T extends Node["type"], N extends Node = Node> = N extends unknown
  ? [T & N["type"]] extends [never]
    ? never
    : N
  : never;

/** One file, read once. Its syntax is parsed when a check first asks, and shared by all that ask later. */
export type Source = {
  path: string;
  text: string;
  lines: readonly string[];
  isCode: boolean;
  isTest: boolean;
  all: <T extends Node["type"]>(...types: T[]) => NodeOf<T>[];
  comments: () => readonly Comment[];
  lineOf: (offset: number) => number;
};

type Syntax = { byType: Map<string, Node[]>; comments: readonly Comment[] };

export const sourceOf = (path: string, text: string): Source => {
  const lines = text.split("\n");
  const isCode = /\.tsx?$/.test(path);
  const syntax = once(() => parse(path, isCode ? text : ""));
  const starts = once(() => lineStarts(lines));
  return {
    path,
    text,
    lines,
    isCode,
    isTest: TESTS.files.test(path),
    all: <T extends Node["type"]>(...types: T[]) =>
      types.flatMap((type) => (syntax().byType.get(type) ?? []) as NodeOf<T>[]),
    comments: () => syntax().comments,
    lineOf: (offset) => upperBound(starts(), offset),
  };
};

const once = <T>(make: () => T): (() => T) => {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

const parse = (path: string, text: string): Syntax => {
  const { program, comments } = parseSync(path, text);
  const byType = new Map<string, Node[]>();
  index(program, byType);
  return { byType, comments };
};

/** Files every node under its type, in source order, and gives it its parent. */
const index = (node: Node, byType: Map<string, Node[]>): void => {
  const found = byType.get(node.type);
  if (found) found.push(node);
  else byType.set(node.type, [node]);
  for (const child of childrenOf(node)) {
    (child as { parent?: Node }).parent = node;
    index(child, byType);
  }
};

export const childrenOf = (node: Node): Node[] => {
  const children: Node[] = [];
  for (const key of visitorKeys[node.type] ?? []) {
    const value = (node as unknown as Record<string, unknown>)[key];
    if (Array.isArray(value)) for (const item of value) isNode(item) && children.push(item);
    else if (isNode(value)) children.push(value);
  }
  return children;
};

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value;

const lineStarts = (lines: readonly string[]): number[] => {
  const starts: number[] = [];
  let offset = 0;
  for (const line of lines) {
    starts.push(offset);
    offset += line.length + 1;
  }
  return starts;
};

/** How many of the sorted `starts` are at or before `offset`: the line number, from 1. */
const upperBound = (starts: readonly number[], offset: number): number => {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
};
