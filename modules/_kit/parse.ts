/** Reads what came in against the contract's schema; what does not fit is refused with its place and the reason. */
import { CommonRefusals, refuse } from "@shopnexus/contracts/kit/refusal";
import type { z } from "zod";
import { NOT_JSON } from "./wire.ts";

const ISSUE_COUNT_MAX = 20;

export const parseInput = <T extends z.ZodType>(schema: T, input: unknown): z.output<T> => {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, ISSUE_COUNT_MAX).map(({ path, message }) => ({
    path: `/${path.map(String).join("/")}`.slice(0, 200),
    says: input === NOT_JSON ? "The body is not JSON." : message.slice(0, 300),
  }));
  throw refuse(CommonRefusals.INVALID_INPUT, { issues });
};
