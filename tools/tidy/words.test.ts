import { expect, it } from "vitest";
import { said } from "./_kit/fixture.ts";
import { check } from "./words.ts";

it("words: what belongs to the product", () => {
  const text = "The issue date of the card. The root of /v1/home/feed. modules/root/a.ts";
  expect(said(check, { "README.md": text, "app/a.ts": `// ${text}` })).toEqual([]);
});

it("words: what belongs to the workshop", () => {
  const files = {
    "app/a.ts": "\n// see issue #12",
    "k8s/app.yaml": "path: /root/shop",
    "README.md": "in `/home/ann/shop`",
  };
  expect(said(check, files)).toEqual([
    expect.stringContaining("app/a.ts:2"),
    expect.stringContaining("k8s/app.yaml:1"),
    expect.stringContaining("README.md:1"),
  ]);
});
