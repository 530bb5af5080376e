import { expect, it } from "vitest";
import { said } from "./_kit/fixture.ts";
import { check } from "./run-closures.ts";

const verb = (text: string) => said(check, { "modules/order/checkout/run.ts": text });

it("run closures: one named function, under its own name, without ctx", () => {
  expect(verb('const price = await ctx.run("priceOf", () => priceOf(lines));')).toEqual([]);
  expect(verb('await ctx.run("create", async () => await gateway.create(charge));')).toEqual([]);
  expect(verb('await ctx.run("tick", tick);')).toEqual([]);
});

it("run closures: no ctx inside", () => {
  expect(verb('await ctx.run("priceOf", () => priceOf(ctx.key));')[0]).toContain("ctx inside ctx.run");
});

it("run closures: the label is the function's name", () => {
  expect(verb('await ctx.run("get price", () => priceOf(lines));')[0]).toContain('write "priceOf" instead');
});

it("run closures: a body in place has no name in the trace", () => {
  expect(verb('await ctx.run("priceOf", () => { return 1; });')[0]).toContain(
    "a run without a named function",
  );
});

it("run closures: the kit, which labels by address, is left alone", () => {
  expect(said(check, { "modules/_kit/call.ts": "ctx.run(address, () => { return ctx; });" })).toEqual([]);
});
