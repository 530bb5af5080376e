/** `npm run key`: prints a fresh Ed25519 private key for AUTH_PRIVATE_JWK, and nothing else. */
import { newPrivateJwk } from "./start/key.ts";

console.log(newPrivateJwk());
