import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  CommonRefusals,
  fromMetadata,
  isRefusal,
  RefusalError,
  refusals,
  refuse,
  Refused,
  toMetadata,
} from "./refusal.ts";

const ShelfRefusals = refusals({
  SHELF_EMPTY: { status: 409, says: "Nothing is left.", data: z.object({ skuIds: z.array(z.string()) }) },
  SHELF_UNKNOWN: { status: 404, says: "There is no such shelf." },
});

describe("a refusal", () => {
  test("takes its code from its name, and has no data unless its card says so", () => {
    expect(ShelfRefusals.SHELF_EMPTY.code).toBe("SHELF_EMPTY");
    expect(ShelfRefusals.SHELF_UNKNOWN.data.safeParse({}).success).toBe(true);
  });

  test("is thrown with its code, status, sentence and data", () => {
    const error = refuse(ShelfRefusals.SHELF_EMPTY, { skuIds: ["sku_1"] });
    expect(error).toBeInstanceOf(RefusalError);
    expect(error.message).toBe("Nothing is left.");
    expect({ code: error.code, status: error.status, data: error.data }).toEqual({
      code: "SHELF_EMPTY",
      status: 409,
      data: { skuIds: ["sku_1"] },
    });
    expect(Refused.parse(error.refused)).toEqual(error.refused);
  });

  test("is known by its code", () => {
    const error = refuse(ShelfRefusals.SHELF_EMPTY, { skuIds: [] });
    expect(isRefusal(error, ShelfRefusals.SHELF_EMPTY)).toBe(true);
    expect(isRefusal(error, ShelfRefusals.SHELF_UNKNOWN)).toBe(false);
    expect(isRefusal(new Error("SHELF_EMPTY"), ShelfRefusals.SHELF_EMPTY)).toBe(false);
    expect(isRefusal(undefined, ShelfRefusals.SHELF_EMPTY)).toBe(false);
  });
});

describe("metadata", () => {
  test("a refusal comes back from its metadata as it went", () => {
    const anyRefused = fc.record({
      code: fc.string({ minLength: 1 }),
      status: fc.integer({ min: 400, max: 499 }),
      message: fc.string(),
      data: fc.json().map((text): unknown => JSON.parse(text) ?? {}),
    });
    fc.assert(
      fc.property(anyRefused, (refused) => {
        const metadata = toMetadata(refused);
        expect(Object.values(metadata).every((value) => typeof value === "string")).toBe(true);
        const back = fromMetadata(metadata, refused.status, refused.message);
        expect(back).toEqual(refused);
      }),
    );
  });

  test("no data is an empty object", () => {
    const metadata = toMetadata({ code: "NOT_FOUND", status: 404, message: "", data: undefined });
    expect(fromMetadata(metadata, 404, "")).toEqual({
      code: "NOT_FOUND",
      status: 404,
      message: "",
      data: {},
    });
    expect(fromMetadata({ code: "NOT_FOUND" }, 404, "")?.data).toEqual({});
  });

  test("an error that is not a refusal is not read as one", () => {
    expect(fromMetadata(undefined, 404, "")).toBeUndefined();
    expect(fromMetadata({}, 404, "")).toBeUndefined();
    expect(fromMetadata({ code: "X" }, 500, "")).toBeUndefined();
    expect(fromMetadata({ code: "X" }, 399, "")).toBeUndefined();
  });
});

test("what every operation may answer has the status of its kind", () => {
  const { INVALID_INPUT, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, BUSY } = CommonRefusals;
  const all = [INVALID_INPUT, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, BUSY];
  expect(all.map(({ status }) => status)).toEqual([400, 401, 403, 404, 429]);
});
