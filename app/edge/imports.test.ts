import { randomUUID } from "node:crypto";
import { Import } from "@shopnexus/contracts/inventory/import";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import { afterAll, beforeAll, expect, it } from "vitest";
import { seller, type Seller } from "#tools/testkit/people.ts";
import { openModules, type SomeModules } from "#tools/testkit/some-modules.ts";

let shop: SomeModules;
let owner: Seller;
let skuIds: string[];

beforeAll(async () => {
  shop = await openModules(["account", "catalog", "inventory"]);
  owner = await seller(shop);
  skuIds = [];
  for (let at = 0; at < 3; at += 1) skuIds.push((await owner.offer(1_000, 5)).skuId);
});
afterAll(() => shop.stop());

type Sent = { readonly key?: string; readonly path?: string; readonly token?: string };

const upload = async (body: string | ReadableStream, { key = randomUUID(), path, token }: Sent = {}) => {
  const response = await fetch(`http://127.0.0.1:${shop.environment["EDGE_PORT"]}${path ?? "/stocktakes"}`, {
    method: "POST",
    headers: {
      "content-type": "text/csv",
      authorization: `Bearer ${token ?? owner.tokens.accessToken}`,
      ...(key !== "" && { "idempotency-key": key }),
    },
    body,
    ...(typeof body !== "string" && { duplex: "half" }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const onHand = async (skuId = skuIds[0]!) => (await owner.call(Stock).level({ skuId })).onHand;

it("POST /stocktakes: a file with a header, quotes, blank lines and either line end is booked, once a key", async () => {
  const [a, b, c] = skuIds;
  const file = `\uFEFFsku,pieces\r\n"${a}", 7\r\n\r\n${b},8\n${c},5`;
  const key = randomUUID();
  const all = await Promise.all([1, 2, 3].map(() => upload(file, { key })));
  for (const { status, body } of [...all, await upload(file, { key })])
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({ state: "applied", changedCount: 2, rowCount: 3 }),
    ]);
  expect([await onHand(a), await onHand(b)]).toEqual([7, 8]);
  const other = await upload(`${a},9`, { key });
  expect([other.status, other.body["code"]]).toEqual([409, "IMPORT_DIFFERS"]);
});

it("POST /stocktakes: every bad row is named by its line in the file, and nothing is booked: IMPORT_REFUSED", async () => {
  const before = await onHand();
  const wide = `${skuIds[1]},1,2`;
  const long = `${"x".repeat(201)},1`;
  const { status, body } = await upload(`sku,pieces\n${skuIds[0]},99\n\n${wide}\n${long}\nnone,1\n`);
  expect([status, body["code"]]).toEqual([422, "IMPORT_REFUSED"]);
  expect(body["data"]).toMatchObject({
    problemCount: 3,
    problems: [
      { line: 4, problem: "malformed" },
      { line: 5, problem: "malformed" },
      { line: 6, problem: "sku_unknown" },
    ],
  });
  expect(await onHand()).toBe(before);
});

it("GET /imports: how far a file has come can be read while it arrives", async () => {
  const key = randomUUID();
  const { importId } = await owner.call(Import).open({ kind: "stocktake", attemptId: key });
  const part = `${skuIds[0]},1\n`.repeat(1_500);
  let send: ReadableStreamDefaultController | undefined;
  const body = new ReadableStream({ start: (controller) => void (send = controller) });
  const ended = upload(body, { key });
  send?.enqueue(new TextEncoder().encode(part));
  const rowCount = async () => (await owner.call(Import).find({ importId })).rowCount;
  await expect.poll(rowCount, { timeout: 10_000 }).toBe(1_000);
  send?.close();
  expect((await ended).body).toMatchObject({ code: "IMPORT_REFUSED", data: { problemCount: 1_499 } });
});

it("POST /serials: numbers are added, and the file again adds none", async () => {
  const key = randomUUID();
  const file = `sku,serial\n${skuIds[0]},A-1\n${skuIds[0]},A-2\n`;
  for (const _ of [1, 2])
    expect(await upload(file, { key, path: "/serials" })).toMatchObject({
      status: 200,
      body: { changedCount: 2 },
    });
});

it("POST /stocktakes: what is no such file is refused before anything is booked: INVALID_INPUT, UNAUTHENTICATED", async () => {
  const row = `${skuIds[0]},1\n`;
  const invalid = { status: 400, body: { code: "INVALID_INPUT" } };
  expect(await upload(row, { key: "" })).toMatchObject(invalid);
  expect(await upload("")).toMatchObject(invalid);
  expect(await upload("sku,pieces\n")).toMatchObject(invalid);
  expect(await upload(`${skuIds[0]},"1\n`)).toMatchObject(invalid);
  expect(await upload(row.repeat(50_001))).toMatchObject(invalid);
  expect(await upload(row, { path: "/stocktakes?locationId=nowhere" })).toMatchObject(invalid);
  expect(await upload(row, { token: "none" })).toMatchObject({
    status: 401,
    body: { code: "UNAUTHENTICATED" },
  });
  const large = await upload("x".repeat(17 * 1024 * 1024)).catch(() => ({ status: 413 }));
  expect(large.status).toBe(413);
});

it("POST /stocktakes: nothing but text gets in", async () => {
  const { status, body } = await upload(`a\u0000b,1\n\u0001,2\n`);
  expect([status, body["data"]]).toMatchObject([
    422,
    { problems: [{ problem: "malformed" }, { problem: "malformed" }] },
  ]);
});
