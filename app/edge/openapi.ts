/** OpenAPI 3.1 from the contract pages: the http cards of the edge, and every operation as the Restate ingress serves it. */
import type { Card, Contract, CsvFile, Operation } from "@shopnexus/contracts/kit/contract";
import { CommonRefusals, type Refusal } from "@shopnexus/contracts/kit/refusal";
import { z } from "zod";

type Json = Record<string, unknown>;

/** One document for the operations of these contracts that carry an http card. */
export const openapi = (contracts: readonly Contract[]): Json => {
  const paths: Record<string, Json> = {};
  for (const contract of contracts) {
    for (const [verb, operation] of Object.entries(contract._handlers)) {
      const { http, events, files = [] } = operation.card;
      if (http !== undefined) {
        const [method = "", path = ""] = http.split(" ");
        paths[path] = { ...paths[path], [method.toLowerCase()]: describe(contract, verb, http) };
      }
      for (const file of files) paths[pathOf(file.route)] = { post: describeFile(contract, verb, file) };
      if (events !== undefined) paths[pathOf(events)] = { get: describeEvents(contract, verb, events) };
    }
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "ShopNexus",
      version: "1.0.0",
      description:
        "The marketplace's HTTP edge. The same operations answer at the Restate ingress as POST /{component}/{operation}.",
    },
    paths: Object.fromEntries(Object.entries(paths).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    components: {
      securitySchemes: { bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
    },
  };
};

const jsonSchema = (schema: z.ZodType): Json => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    target: "draft-2020-12",
    unrepresentable: "any",
  }) as Json;
  return rest;
};

const pathOf = (route: string): string => route.split(" ")[1] ?? "";

/** The same answer as the operation gives, over and over. */
const describeEvents = (contract: Contract, verb: string, route: string): Json => {
  const { responses, ...rest } = describe(contract, verb, route);
  const { 200: _once, ...refused } = responses as Json;
  const schema = jsonSchema((contract._handlers[verb] as Operation).output);
  return {
    ...rest,
    operationId: `${contract.name}.${verb}.events`,
    responses: {
      200: {
        description:
          "Events named `state`: how it stands, at once and whenever it has changed. The stream ends when it will not change any more.",
        content: { "text/event-stream": { schema } },
      },
      204: { description: "Whoever comes back after the last event: nothing more will happen." },
      ...refused,
    },
  };
};

/** Rows in the body in place of the operation's own fields. */
const describeFile = (contract: Contract, verb: string, file: CsvFile): Json => {
  const {
    parameters: _none,
    requestBody: _fields,
    responses,
    ...rest
  } = describe(contract, verb, file.route);
  const { route, columns, bytesMax, rowCountMax, query = {} } = file;
  const name = pathOf(route).slice(1);
  const key = "Names the file: sent again under its key, it is the same import.";
  return {
    ...rest,
    operationId: `${contract.name}.${verb}.${name}`,
    parameters: [
      { name: "idempotency-key", in: "header", required: true, description: key, schema: { type: "string" } },
      ...Object.entries(query).map(([field, schema]) => ({
        name: field,
        in: "query",
        required: false,
        schema: jsonSchema(schema),
      })),
    ],
    requestBody: {
      required: true,
      description: `Records of ${columns.join(", ")}: at most ${rowCountMax}, and ${bytesMax} bytes. The first may name the columns.`,
      content: { "text/csv": { schema: { type: "string", examples: [`${columns.join()}\n`] } } },
    },
    responses: { ...(responses as Json), 413: { description: "`BODY_TOO_LARGE`: the file is too large." } },
  };
};

const describe = (contract: Contract, verb: string, route: string): Json => {
  const operation = contract._handlers[verb] as Operation;
  const { card } = operation;
  const names = [...route.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const input = jsonSchema(operation.input);
  const fields = (input["properties"] ?? {}) as Record<string, Json>;
  const required = (input["required"] ?? []) as string[];
  const inQuery = route.startsWith("GET ");
  const rest = Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
  return {
    operationId: `${contract.name}.${verb}`,
    tags: [contract.name],
    ...(card.who !== "anyone" && { security: [{ bearer: [] }], "x-who": card.who }),
    parameters: [
      ...names.map((name) => ({
        name,
        in: "path",
        required: true,
        schema: fields[name] ?? { type: "string" },
      })),
      ...(inQuery
        ? Object.entries(rest).map(([name, schema]) => ({
            name,
            in: "query",
            required: required.includes(name),
            schema,
          }))
        : []),
    ],
    ...(!inQuery && Object.keys(rest).length > 0 && { requestBody: bodyOf(required, rest) }),
    responses: {
      200: answered("Answered.", operation.output),
      ...(card.accepted && { 202: answered("Kept: it is done a moment later.", card.accepted) }),
      ...refusalsOf([...admission(card), ...(card.refuses ?? [])]),
    },
  };
};

const answered = (description: string, output: z.ZodType): Json => ({
  description,
  content: { "application/json": { schema: jsonSchema(output) } },
});

const bodyOf = (needed: readonly string[], properties: Record<string, Json>): Json => {
  const required = needed.filter((name) => name in properties);
  const schema = { type: "object", properties, required, additionalProperties: false };
  return { required: true, content: { "application/json": { schema } } };
};

/** What every caller of an operation that is not for anyone may meet. */
const admission = ({ who }: Card): readonly Refusal[] => {
  if (who === "anyone") return [];
  const { UNAUTHENTICATED, FORBIDDEN, ACCOUNT_SUSPENDED } = CommonRefusals;
  return who === "account"
    ? [UNAUTHENTICATED, ACCOUNT_SUSPENDED]
    : [UNAUTHENTICATED, FORBIDDEN, ACCOUNT_SUSPENDED];
};

/** Refusals by status; several codes may share one. */
const refusalsOf = (refuses: readonly Refusal[]): Json => {
  const byStatus = Map.groupBy([CommonRefusals.INVALID_INPUT, ...refuses], ({ status }) => status);
  return Object.fromEntries(
    [...byStatus].map(([status, refusals]) => [
      status,
      {
        description: refusals.map(({ code, says }) => `\`${code}\`: ${says}`).join(" "),
        content: { "application/json": { schema: { anyOf: refusals.map(refusalSchema) } } },
      },
    ]),
  );
};

const refusalSchema = ({ code, data }: Refusal): Json => ({
  type: "object",
  properties: { code: { const: code }, message: { type: "string" }, data: jsonSchema(data) },
  required: ["code", "message", "data"],
});
