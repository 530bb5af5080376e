/** Decisions about profiles. */
import type { z } from "zod";
import { Role } from "@shopnexus/contracts/account/login";
import type { Me } from "@shopnexus/contracts/account/profile";
import { instant } from "@shopnexus/contracts/kit/time";

export type ProfileRow = {
  readonly accountId: string;
  readonly email: string;
  readonly displayName: string;
  readonly shopName: string | null;
  readonly createdAt: Date;
  readonly role: Role | null;
};

/** One profile from its rows, one a role; roles in the order of the contract page. */
export const toMe = (rows: readonly ProfileRow[]): z.infer<typeof Me> | undefined => {
  const [first] = rows;
  if (first === undefined) return undefined;
  const { role: _role, createdAt, ...said } = first;
  const held = new Set(rows.map(({ role }) => role));
  return {
    ...said,
    roles: Role.options.filter((role) => held.has(role)),
    createdAt: instant(createdAt.getTime()),
  };
};
