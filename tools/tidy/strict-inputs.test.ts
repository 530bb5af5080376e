import { expect, it } from "vitest";
import { said } from "./_kit/fixture.ts";
import { check } from "./strict-inputs.ts";

const page = (input: string, words = "") =>
  said(check, {
    "contracts/order/cart.ts": `import { Shared } from "../catalog/listing.ts";\n${words}\nexport const Cart = service("Cart", { put: step(${input}, z.object({}), {}) });`,
    "contracts/catalog/listing.ts": "export const Shared = z.object({});",
  });

it("strict inputs: a strict object, by itself, by name, or built upon", () => {
  expect(page("z.strictObject({})")).toEqual([]);
  expect(page("Put", "const Put = z.strictObject({}).refine(f);")).toEqual([]);
  expect(page("Put.extend({ a: z.string() })", "const Put = z.strictObject({});")).toEqual([]);
  expect(
    page('z.discriminatedUnion("kind", [z.strictObject({}), Put])', "const Put = z.strictObject({});"),
  ).toEqual([]);
  expect(page("z.void()")).toEqual([]);
});

it("strict inputs: a loose object, wherever it hides", () => {
  expect(page("z.object({})")[0]).toContain("contracts/order/cart.ts:3  the input of Cart/put is z.object");
  expect(page("Put", "const Put = z.object({}).refine(f);")).toHaveLength(1);
  expect(page("z.looseObject({})")).toHaveLength(1);
  expect(page('z.discriminatedUnion("kind", [z.strictObject({}), z.object({})])')).toHaveLength(1);
  expect(page("Shared")).toHaveLength(1);
});
