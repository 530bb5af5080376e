import { describe, expect, it } from "vitest";
import { RefreshToken, Tokens } from "@shopnexus/contracts/account/login";
import { MINUTE_MS } from "@shopnexus/contracts/kit/time";
import { deriveRefreshToken, inOrder, judgeUnspendable, tokensOf } from "./rules.ts";

const SECRET = Buffer.alloc(32, 7).toString("base64url");

describe("deriveRefreshToken", () => {
  const growth = { tokenSecret: SECRET, callKey: "call/1", presented: "A".repeat(43) };

  it("the same call gets the same token, and it has the shape of one", () => {
    const token = deriveRefreshToken(growth);
    expect(deriveRefreshToken({ ...growth })).toBe(token);
    expect(RefreshToken.parse(token)).toBe(token);
  });

  it("another secret, call or presented token: another token", () => {
    const others = [
      { ...growth, tokenSecret: Buffer.alloc(32, 8).toString("base64url") },
      { ...growth, callKey: "call/2" },
      { ...growth, presented: "B".repeat(43) },
      { tokenSecret: SECRET, callKey: "call/1" },
    ];
    expect(new Set([growth, ...others].map(deriveRefreshToken)).size).toBe(5);
  });
});

describe("judgeUnspendable", () => {
  it.each([
    ["an unknown token is invalid", undefined, "invalid"],
    ["an unused one ran out, and is invalid", { usedByCall: null }, "invalid"],
    ["one that this call used is a repeat", { usedByCall: "this" }, "repeat"],
    ["one that another call used is reused", { usedByCall: "other" }, "reused"],
  ] as const)("%s", (_says, kept, verdict) => {
    expect(judgeUnspendable(kept, "this")).toBe(verdict);
  });
});

it("inOrder: roles in the order of the contract page, each once", () => {
  expect(inOrder(["operator", "account", "operator"])).toEqual(["account", "operator"]);
});

it("tokensOf: the access token's end is the whole second that the token itself says", () => {
  const issuedAt = new Date("2026-01-31T12:00:00.750Z");
  const grant = {
    accountId: `acc_${"0".repeat(32)}`,
    sessionId: `ses_${"0".repeat(32)}`,
    roles: ["account" as const],
    refreshToken: "A".repeat(43),
    issuedAt,
    expiresAt: new Date("2026-03-02T12:00:00.750Z"),
  };
  const tokens = tokensOf(grant, "a.b.c", 10 * MINUTE_MS);
  expect(Tokens.parse(tokens)).toStrictEqual(tokens);
  expect(tokens.accessExpiresAt).toBe("2026-01-31T12:10:00.000Z");
  expect(tokens.refreshExpiresAt).toBe("2026-03-02T12:00:00.750Z");
});
