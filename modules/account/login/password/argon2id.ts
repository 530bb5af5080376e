/** Passwords at rest: argon2id at OWASP's second setting, 19 MiB and two passes, about 12 ms of one core. */
import { type Options, hash, verify } from "@node-rs/argon2";

const COST: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The hash of a password that nobody has: an account that does not exist takes as long as one that does. */
export const NOBODYS_HASH =
  "$argon2id$v=19$m=19456,t=2,p=1$82Ex1Ra/wXiRFjl5HJrnRg$647QrDAAyKA5NEOd9bVb5qw1qBW5mztTgMwjIARyq4A";

export const hashPassword = (password: string): Promise<string> => hash(password, COST);

export const isPassword = (passwordHash: string, password: string): Promise<boolean> =>
  verify(passwordHash, password);
