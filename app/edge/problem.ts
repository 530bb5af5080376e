/** How the edge says no: the code for machines, the sentence for people, the data for both. */
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { fromMetadata, type Refused } from "@shopnexus/contracts/kit/refusal";
import { SECOND_MS } from "@shopnexus/contracts/kit/time";
import { z } from "zod";

export const problem = (c: Context, { code, status, message, data }: Refused): Response =>
  c.json({ code, message, data: data ?? {} }, status as ContentfulStatusCode, retryAfter(data));

/** Who is turned away for now is told, also in HTTP's own words, when to come again. */
const retryAfter = (data: unknown): Record<string, string> => {
  const { success, data: wait } = Wait.safeParse(data);
  return success ? { "retry-after": String(Math.ceil(wait.retryAfterMs / SECOND_MS)) } : {};
};
const Wait = z.object({ retryAfterMs: z.number() });

/** A fault: not the caller's, and nothing of it is shown. */
export const fault = (c: Context, kind: keyof typeof FAULTS): Response => {
  const { status, message } = FAULTS[kind];
  return c.json({ code: kind, message, data: {} }, status);
};

const FAULTS = {
  FAULT: { status: 500, message: "Something went wrong on our side; try again." },
  BAD_GATEWAY: { status: 502, message: "Something went wrong on our side; try again." },
  UNAVAILABLE: { status: 503, message: "The shop cannot be reached just now; try again." },
} as const;

const ErrorBody = z.object({
  code: z.number().optional(),
  message: z.string().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
});

/** Reads a refusal out of the ingress's error body. */
export const readRefused = (status: number, text: string): Refused | undefined => {
  try {
    const { message, metadata } = ErrorBody.parse(JSON.parse(text));
    return fromMetadata(metadata, status, message ?? "");
  } catch {
    return undefined;
  }
};
