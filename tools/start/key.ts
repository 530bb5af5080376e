import { generateKeyPairSync } from "node:crypto";

/** A fresh Ed25519 private key as a JWK in JSON: what AUTH_PRIVATE_JWK wants. */
export const newPrivateJwk = (): string =>
  JSON.stringify(generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" }));
