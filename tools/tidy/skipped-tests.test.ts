import { expect, it } from "vitest";
import { said } from "./_kit/fixture.ts";
import { check } from "./skipped-tests.ts";

const test = (text: string) => said(check, { "app/a.test.ts": text });

it("skipped tests: one that runs, and one that says why it does not", () => {
  expect(test('it("a", f); it.each([1])("b", f);')).toEqual([]);
  expect(test('it.skip("a", f); // the sandbox has no clock yet')).toEqual([]);
});

it("skipped tests: one that does not run and does not say why", () => {
  expect(test('it.skip("a", f);')[0]).toContain("it.skip without a reason");
  expect(test('it.todo("a");')).toHaveLength(1);
  expect(test('describe.skip("a", f);')).toHaveLength(1);
});

it("skipped tests: one that runs alone, whatever it says", () => {
  expect(test('it.only("a", f); // just for now')[0]).toContain("the others no longer run");
});
