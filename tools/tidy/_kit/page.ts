import type { Comment, Node } from "oxc-parser";
import { callName, entriesOf, field, type ObjectLiteral, stringsOf, textOf, unwrap } from "./syntax.ts";
import type { NodeOf, Source } from "./source.ts";

export type Op = {
  name: string;
  kind: string;
  line: number;
  args: readonly Node[];
  refuses: readonly string[];
  undo: string | undefined;
  doc: Doc | undefined;
};
export type Doc = { lines: readonly string[]; line: number };
export type Component = { name: string; kind: string; constant: string; line: number; ops: readonly Op[] };
export type Refusals = { constant: string; codes: readonly { code: string; line: number }[] };

/** A contract page as the checks read it: `contracts/<module>/<component>.ts`. */
export type Page = {
  source: Source;
  module: string;
  components: readonly Component[];
  refusals: readonly Refusals[];
};

const COMPONENT = new Set(["service", "object", "workflow"]);

export const pageOf = (source: Source): Page | undefined => {
  const found = /^contracts\/([a-z][a-z0-9-]*)\/[^/]+\.ts$/.exec(source.path);
  if (!found || source.isTest) return undefined;
  const declared = source.all("VariableDeclarator");
  return {
    source,
    module: found[1] ?? "",
    components: declared.flatMap((node) => componentOf(source, node) ?? []),
    refusals: declared.flatMap((node) => refusalsOf(source, node) ?? []),
  };
};

type Made = { constant: string; kind: string; name: string; body: ObjectLiteral; start: number };

const madeBy = (node: NodeOf<"VariableDeclarator">): Made | undefined => {
  const call = node.init && unwrap(node.init);
  if (call?.type !== "CallExpression" || node.id.type !== "Identifier") return undefined;
  const [name, body] = call.arguments.map(unwrap);
  const kind = callName(call);
  if (
    name?.type !== "Literal" ||
    typeof name.value !== "string" ||
    body?.type !== "ObjectExpression" ||
    !kind
  ) {
    return undefined;
  }
  return { constant: node.id.name, kind, name: name.value, body, start: node.start };
};

const componentOf = (source: Source, node: NodeOf<"VariableDeclarator">): Component | undefined => {
  const made = madeBy(node);
  if (!made || !COMPONENT.has(made.kind)) return undefined;
  const { constant, kind, name, body, start } = made;
  const ops = entriesOf(body).map(([op, property]) => opOf(source, op, property));
  return { name, kind, constant, line: source.lineOf(start), ops };
};

const opOf = (source: Source, name: string, property: NodeOf<"Property">): Op => {
  const call = unwrap(property.value);
  const args = call.type === "CallExpression" ? call.arguments.map(unwrap) : [];
  const card = args.findLast((arg) => arg.type === "ObjectExpression");
  const undo = card && field(card, "undo");
  return {
    name,
    kind: call.type === "CallExpression" ? (callName(call) ?? "") : "",
    line: source.lineOf(property.start),
    args,
    refuses: card ? stringsOf(field(card, "refuses")) : [],
    undo: undo ? textOf(undo) : undefined,
    doc: docBefore(source, property.start),
  };
};

/** `refusals({ CODE: … })`, or with the page's name before the cards. */
const refusalsOf = (source: Source, node: NodeOf<"VariableDeclarator">): Refusals | undefined => {
  const call = node.init && unwrap(node.init);
  if (call?.type !== "CallExpression" || callName(call) !== "refusals" || node.id.type !== "Identifier") {
    return undefined;
  }
  const cards = call.arguments.map(unwrap).findLast((argument) => argument.type === "ObjectExpression");
  const entries = cards ? entriesOf(cards) : [];
  const codes = entries.map(([code, property]) => ({ code, line: source.lineOf(property.start) }));
  return { constant: node.id.name, codes };
};

/** The docstring that ends right above `offset`, its stars taken off and its indentation kept. */
const docBefore = (source: Source, offset: number): Doc | undefined => {
  const isAbove = ({ type, value, end }: Comment) =>
    type === "Block" &&
    value.startsWith("*") &&
    end <= offset &&
    source.text.slice(end, offset).trim() === "";
  const comment = source.comments().find(isAbove);
  if (!comment) return undefined;
  const [first = "", ...rest] = comment.value.slice(1).split("\n");
  const starless = rest
    .map((line) => line.replace(/^\s*\*/, "").trimEnd())
    .filter((line) => line.trim() !== "");
  const indent = Math.min(...starless.map((line) => line.search(/\S/)));
  const lines = [first.trim(), ...starless.map((line) => line.slice(indent))];
  return { lines: lines.filter((line) => line !== ""), line: source.lineOf(comment.start) };
};
