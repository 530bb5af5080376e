import { expect, it } from "vitest";
import { said } from "./_kit/fixture.ts";
import { check, README_LINES_MAX } from "./readmes.ts";

const readme = (text: string) =>
  said(check, {
    "modules/order/README.md": text,
    "modules/order/cart/add.ts": "",
    "app/main.ts": "",
    "README.md": "",
  });

it("readmes: a path that exists, from the root or from beside", () => {
  expect(
    readme("See `modules/order/cart/add.ts`, `cart/add.ts`, `app`, [host](../../app/main.ts#l1)."),
  ).toEqual([]);
});

it("readmes: what is no path of ours is not looked up", () => {
  expect(
    readme(
      "Run `npm run check`, call `Stock/reserve`, read `GET /x/{id}`, `contracts/<m>/<c>.ts`, [docs](https://x.dev/a).",
    ),
  ).toEqual([]);
});

it("readmes: a path that does not exist", () => {
  expect(readme("\nSee `modules/order/cart/drop.ts`.")[0]).toContain(
    "modules/order/README.md:2  `modules/order/cart/drop.ts` does not exist",
  );
  expect(readme("See [it](./gone.md).")).toHaveLength(1);
});

it("readmes: a module's map fits on a screen", () => {
  expect(readme("a\n".repeat(README_LINES_MAX))).toEqual([]);
  expect(readme("a\n".repeat(README_LINES_MAX + 1))[0]).toContain("81 lines");
});
