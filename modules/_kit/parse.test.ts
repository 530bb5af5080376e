import { describe, expect, it } from "vitest";
import { step } from "@shopnexus/contracts/kit/contract";
import { Done } from "@shopnexus/contracts/kit/word";
import { z } from "zod";
import { parseInput } from "./parse.ts";
import { NOT_JSON, wireInput } from "./wire.ts";

const Input = z.strictObject({ lines: z.array(z.strictObject({ pieces: z.int().min(1) })).max(100) });
const wire = wireInput(step(Input, Done, { who: "anyone" }));
const bytes = (text: string) => new TextEncoder().encode(text);

/** What a body is refused with. */
const issuesOf = (input: unknown) => {
  try {
    parseInput(Input, input);
  } catch (error) {
    return (error as { data: { issues: { path: string; says: string }[] } }).data.issues;
  }
  throw new Error("it was taken");
};

describe("wireInput", () => {
  it("JSON is read as it is, and an empty body as an empty object", () => {
    expect(wire.deserialize(bytes('{"lines":[]}'))).toEqual({ lines: [] });
    expect(wire.deserialize(new Uint8Array())).toEqual({});
  });

  it("what is no JSON or no UTF-8 never throws, and no schema takes it", () => {
    for (const body of [bytes("{"), bytes("undefined"), new Uint8Array([0xff, 0xfe])]) {
      const read = wire.deserialize(body);
      expect(read).toBe(NOT_JSON);
      expect(z.unknown().safeParse(read).success && Input.safeParse(read).success).toBe(false);
    }
  });

  it("what is written can be read again", () => {
    const input = { lines: [{ pieces: 3 }] };
    expect(wire.deserialize(wire.serialize(input))).toEqual(input);
  });
});

describe("parseInput", () => {
  it("what fits is given as it was parsed", () => {
    expect(parseInput(Input, { lines: [{ pieces: 1 }] })).toEqual({ lines: [{ pieces: 1 }] });
  });

  it("what does not fit is refused (INVALID_INPUT) with the place and the reason", () => {
    expect(() => parseInput(Input, {})).toThrow(
      expect.objectContaining({ code: "INVALID_INPUT", status: 400 }),
    );
    expect(issuesOf({ lines: [{ pieces: 1 }, { pieces: 0 }] })).toMatchObject([{ path: "/lines/1/pieces" }]);
    expect(issuesOf({ lines: [], more: 1 })[0]?.says).toContain("more");
  });

  it("a body that is no JSON is told so", () => {
    expect(issuesOf(NOT_JSON)).toEqual([{ path: "/", says: "The body is not JSON." }]);
  });

  it("the answer stays small, however much is wrong and however long the names are", () => {
    expect(issuesOf({ lines: Array.from({ length: 100 }, () => ({ pieces: 0 })) })).toHaveLength(20);
    const answer = JSON.stringify(issuesOf({ lines: [], ["x".repeat(100_000)]: 1 }));
    expect(answer.length).toBeLessThan(1_000);
  });
});
