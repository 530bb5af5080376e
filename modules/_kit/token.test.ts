import { createHmac, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { freshId } from "@shopnexus/contracts/kit/id";
import { testSettings } from "#tools/testkit/settings.ts";
import { MODULE_TOKEN_MS, moduleTokens, publicJwk, signAccess, signModule, verifyToken } from "./token.ts";

const { auth } = testSettings;
const grant = (nowMs = Date.now()) => ({
  accountId: freshId("acc"),
  sessionId: freshId("ses"),
  roles: ["account", "seller"] as const,
  nowMs,
});
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const parts = (token: string) => token.split(".") as [string, string, string];

describe("access tokens", () => {
  it("a token says whose it is, which session opened it, what it may do, and until when", async () => {
    const given = grant();
    const verified = await verifyToken(auth, await signAccess(testSettings, given));
    const { accountId, sessionId, roles } = given;
    expect(verified).toMatchObject({ principal: { kind: "account", accountId, sessionId, roles } });
    expect("expiresAtMs" in verified && verified.expiresAtMs - given.nowMs).toBeGreaterThan(
      auth.accessMs - 1_001,
    );
  });

  it("after its time it is expired, and not before", async () => {
    const early = grant(Date.now() - auth.accessMs + 5_000);
    expect(await verifyToken(auth, await signAccess(testSettings, early))).toHaveProperty("principal");
    const late = grant(Date.now() - auth.accessMs - 1_000);
    expect(await verifyToken(auth, await signAccess(testSettings, late))).toEqual({ fault: "expired" });
  });

  it("a changed claim, a foreign key and a foreign issuer are tampering", async () => {
    const [header, claims, signature] = parts(await signAccess(testSettings, grant()));
    const read = JSON.parse(Buffer.from(claims, "base64url").toString()) as object;
    const promoted = `${header}.${part({ ...read, roles: ["operator"] })}.${signature}`;
    const { privateKey } = generateKeyPairSync("ed25519");
    const privateJwk = JSON.stringify(privateKey.export({ format: "jwk" }));
    const foreignKey = await signAccess({ auth: { ...auth, privateJwk } }, grant());
    const foreignIssuer = await signAccess({ auth: { ...auth, issuer: "somebody" } }, grant());
    for (const token of [promoted, foreignKey, foreignIssuer])
      expect(await verifyToken(auth, token)).toEqual({ fault: "tampered" });
  });

  it("no algorithm but ours is taken: neither none, nor our public key as a secret", async () => {
    const [, claims] = parts(await signAccess(testSettings, grant()));
    const none = `${part({ alg: "none" })}.${claims}.`;
    const body = `${part({ alg: "HS256" })}.${claims}`;
    const hmac = createHmac("sha256", JSON.stringify(publicJwk(auth)))
      .update(body)
      .digest("base64url");
    for (const token of [none, `${body}.${hmac}`])
      expect(await verifyToken(auth, token)).toHaveProperty("fault");
  });

  it("what is no token at all is malformed", async () => {
    for (const text of ["", "a", "a.b.c", "Bearer", "🦀"]) {
      expect([text, await verifyToken(auth, text)]).toEqual([text, { fault: "malformed" }]);
    }
  });

  it("the public key shows nothing of the private one", () => {
    expect(Object.keys(publicJwk(auth)).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      "alg",
      "crv",
      "kty",
      "use",
      "x",
    ]);
  });
});

describe("module tokens", () => {
  it("a module's token names the module, for two minutes, and no account", async () => {
    const nowMs = Date.now();
    const verified = await verifyToken(auth, await signModule(testSettings, "order", nowMs));
    expect(verified).toMatchObject({ principal: { kind: "module", module: "order" } });
    const late = await signModule(testSettings, "order", nowMs - MODULE_TOKEN_MS - 1_000);
    expect(await verifyToken(auth, late)).toEqual({ fault: "expired" });
  });

  it("an account cannot pass for a module, whatever it is called", async () => {
    const token = await signAccess(testSettings, { ...grant(), accountId: "order" });
    expect(await verifyToken(auth, token)).toMatchObject({ principal: { kind: "account" } });
  });

  it("one token a caller is signed, and used again while it is young", async () => {
    const tokenOf = moduleTokens(testSettings);
    expect(await tokenOf("order")).toBe(await tokenOf("order"));
    expect(await tokenOf("order")).not.toBe(await tokenOf("account"));
  });
});
