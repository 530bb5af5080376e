/** How the edge says no: the code for machines, the sentence for people, the data for both. */
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { fromMetadata, type Refusal, type Refused } from "@shopnexus/contracts/kit/refusal";
import { SECOND_MS } from "@shopnexus/contracts/kit/time";
import { z } from "zod";

export const problem = (c: Context, { code, status, message, data }: Refused): Response =>
  c.json({ code, message, data: data ?? {} }, status as ContentfulStatusCode, retryAfter(data));

/** A refusal of a page, said without the cost of an Error: a crowd may hear it. */
export const refusal = (c: Context, { code, status, says }: Refusal, data: object = {}): Response =>
  problem(c, { code, status, message: says, data });

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

/** What the ingress said: an answer, a refusal, or why there is neither. */
export type Heard =
  | { readonly text: string }
  | { readonly refused: Refused }
  | { readonly missing: "UNAVAILABLE" | "BAD_GATEWAY" };

/** Undefined is a response that never came. */
export const heardOf = async (response: Response | undefined): Promise<Heard> => {
  if (response === undefined) return { missing: "UNAVAILABLE" };
  const text = await response.text();
  if (response.ok) return { text };
  const refused = readRefused(response.status, text);
  return refused === undefined ? { missing: "BAD_GATEWAY" } : { refused };
};

/** What was asked for and is not there: a refusal, or a fault. */
export const noAnswer = (c: Context, heard: Exclude<Heard, { text: string }>): Response =>
  "refused" in heard ? problem(c, heard.refused) : fault(c, heard.missing);

/** Reads a refusal out of the ingress's error body. */
export const readRefused = (status: number, text: string): Refused | undefined => {
  try {
    const { message, metadata } = ErrorBody.parse(JSON.parse(text));
    return fromMetadata(metadata, status, message ?? "");
  } catch {
    return undefined;
  }
};
