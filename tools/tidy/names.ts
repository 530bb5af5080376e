import { at, type Check, type Finding } from "./_kit/check.ts";
import type { NodeOf, Source } from "./_kit/source.ts";
import { kebab } from "./_kit/syntax.ts";

/** Files in kebab-case; names that say what a thing is and not what sort of code it is. */
export const check: Check = {
  id: "names",
  why: "a name is read a hundred times as often as it is written",
  find: ({ code }) => code.flatMap((source) => [...ofPath(source), ...ofDeclarations(source)]),
};

const SEGMENT = /^_?[a-z0-9]+(-[a-z0-9]+)*(\.(test|test-d|config|d))*(\.tsx?)?$/;
const DRAWER =
  /^(utils?|helpers?|misc|managers?|commons?|shared|stuff)(\.|$)|-(utils?|helpers?|manager|dto|service)(\.|$)/;

const ofPath = ({ path }: Source): Finding[] => {
  const segments = path.split("/");
  const crooked = segments.find((segment) => !SEGMENT.test(segment));
  if (crooked)
    return [
      { path, line: 1, what: `${crooked} is not kebab-case`, instead: kebab(crooked).replaceAll("_", "-") },
    ];
  const isModule = (segment: string, index: number) =>
    segment === "common" && index === 1 && /^(contracts|modules|db)\//.test(path);
  const drawer = segments.find((segment, index) => DRAWER.test(segment) && !isModule(segment, index));
  if (!drawer) return [];
  return [
    {
      path,
      line: 1,
      what: `${drawer} is a drawer, not an idea`,
      instead: "the name of the one thing it does",
    },
  ];
};

const SUFFIX = /[a-z](Dto|DTO|Service|Manager|Helpers?|Utils?|Impl)$/;

type Named = NodeOf<
  | "TSInterfaceDeclaration"
  | "TSTypeAliasDeclaration"
  | "ClassDeclaration"
  | "FunctionDeclaration"
  | "VariableDeclarator"
>;

const ofDeclarations = (source: Source): Finding[] =>
  source
    .all(
      "TSInterfaceDeclaration",
      "TSTypeAliasDeclaration",
      "ClassDeclaration",
      "FunctionDeclaration",
      "VariableDeclarator",
    )
    .flatMap((node) => ofDeclaration(source, node) ?? []);

const ofDeclaration = (source: Source, node: Named): Finding | undefined => {
  if (node.id?.type !== "Identifier") return undefined;
  const { name } = node.id;
  const isType = node.type === "TSInterfaceDeclaration" || node.type === "TSTypeAliasDeclaration";
  const isPrefixed = (isType || node.type === "ClassDeclaration") && /^I[A-Z][a-z]/.test(name);
  if (isPrefixed) {
    return {
      ...at(source, node),
      what: `${name} carries an I`,
      instead: name.slice(1),
      why: "a caller need not know that it is an interface",
    };
  }
  const suffix = SUFFIX.exec(name)?.[1];
  if (!suffix) return undefined;
  const instead = name.slice(0, -suffix.length) || "the noun itself";
  return { ...at(source, node), what: `${name} ends in ${suffix}`, instead };
};
