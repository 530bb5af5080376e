import { expect, it } from "vitest";
import { said } from "./_kit/fixture.ts";
import { check } from "./mirror.ts";

const WHOLE = {
  "contracts/account/address-book.ts":
    'export const AddressBook = service("AddressBook", { pickOne: read(A, B, {}) });',
  "modules/account/index.ts": 'import { AddressBook } from "@shopnexus/contracts/account/address-book";',
  "modules/account/address-book/pick-one.ts": "export const pickOne = async () => 1;",
};

it("mirror: contract, board and verb at one address", () => {
  const beside = { rows: "", rules: "", "rules.test": "", "address-book.test": "" };
  const files = Object.entries(beside).map(([name, text]) => [
    `modules/account/address-book/${name}.ts`,
    text,
  ]);
  expect(said(check, { ...WHOLE, ...Object.fromEntries(files) })).toEqual([]);
});

it("mirror: an operation without its file", () => {
  const { "modules/account/address-book/pick-one.ts": _, ...rest } = WHOLE;
  expect(said(check, rest)[0]).toContain(
    "AddressBook/pickOne has no handler — write modules/account/address-book/pick-one.ts",
  );
});

it("mirror: a file under another export", () => {
  const found = said(check, {
    ...WHOLE,
    "modules/account/address-book/pick-one.ts": "export const pick = 1;",
  });
  expect(found[0]).toContain("does not export pickOne");
});

it("mirror: a file without its operation, and a folder without its component", () => {
  const found = said(check, {
    ...WHOLE,
    "modules/account/address-book/helpers.ts": "export const a = 1;",
    "modules/account/ghost/appear.ts": "export const appear = 1;",
  });
  expect(found[0]).toContain("is no operation of AddressBook");
  expect(found[1]).toContain("modules/account/ghost is no component");
});

it("mirror: what several components of a module share is no operation", () => {
  expect(said(check, { ...WHOLE, "modules/account/_kit/money.ts": "export const money = 1;" })).toEqual([]);
});

it("mirror: a long board has parts, and a component is on one of them", () => {
  const { "modules/account/index.ts": board, ...rest } = WHOLE;
  const parts = { "modules/account/index.ts": "", "modules/account/_board/people.ts": board };
  expect(said(check, { ...rest, ...parts })).toEqual([]);
});

it("mirror: the adapters of a port are no operations", () => {
  expect(said(check, { "modules/order/charge/gateway/stripe.ts": "export const stripe = 1;" })).toEqual([]);
  expect(said(check, { "modules/order/charge/proof/buyer.ts": "" })).toEqual([]);
  expect(said(check, { "modules/order/charge/parts/sum.ts": "" })[0]).toContain(
    "modules/order/charge/parts is no port",
  );
});

it("mirror: a component that the board forgot", () => {
  expect(said(check, { ...WHOLE, "modules/account/index.ts": "" })[0]).toContain(
    "AddressBook is not on the board",
  );
});

it("mirror: a component on a page of another name", () => {
  const files = { "contracts/account/book.ts": 'export const AddressBook = service("AddressBook", {});' };
  expect(said(check, files)[0]).toContain("write it in contracts/account/address-book.ts");
});

it("mirror: a module that the host cannot load", () => {
  const loader = 'export const account = () => import("#modules/account/index.ts");';
  expect(said(check, { ...WHOLE, "app/modules.ts": loader })).toEqual([]);
  expect(said(check, { ...WHOLE, "app/modules.ts": "" })[0]).toContain("no process can host account");
});
