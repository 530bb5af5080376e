/** What must stay secret and the same from one start to the next. Made at the first one, readable by its owner alone. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { newPrivateJwk } from "./key.ts";
import { writePrivate } from "./private-file.ts";

const Secrets = z.object({
  authPrivateJwk: z.string(),
  stripeSecretKey: z.string(),
  stripeWebhookSecret: z.string(),
  vnpayHashSecret: z.string(),
  carrierSecret: z.string(),
  /** Of every seeded account. Not a constant: the database may be one that others can reach. */
  password: z.string(),
});
export type Secrets = z.infer<typeof Secrets>;

/** Only the owner of the folder may call this: two at once would make two keys. */
export const secretsIn = (dir: string): Secrets => {
  const path = join(dir, "secrets.json");
  const kept = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as object) : {};
  // A folder of an older version lacks the newer ones.
  const secrets = Secrets.parse({ ...newSecrets(), ...kept });
  writePrivate(path, secrets);
  return secrets;
};

const newSecrets = (): Secrets => ({
  authPrivateJwk: newPrivateJwk(),
  stripeSecretKey: `sk_test_sandbox_${randomBytes(12).toString("hex")}`,
  stripeWebhookSecret: `whsec_sandbox_${randomBytes(12).toString("hex")}`,
  vnpayHashSecret: `vnpay_sandbox_${randomBytes(12).toString("hex")}`,
  carrierSecret: `carrier_sandbox_${randomBytes(12).toString("hex")}`,
  password: `shop-${randomBytes(6).toString("hex")}`,
});
