/**
 * A refusal is an answer: stable code for machines, sentence for the customer, typed data for the operator.
 * It survives the wire from handler to handler and over the ingress, where the body's `metadata` carries it.
 */
import { z } from "zod";

export type Refusal<C extends string = string, D extends z.ZodType = z.ZodType> = {
  readonly code: C;
  /** The HTTP status, 400 to 499. */
  readonly status: number;
  /** One sentence that may be shown to the customer. */
  readonly says: string;
  readonly data: D;
};

type Cards = Record<string, { readonly status: number; readonly says: string; readonly data?: z.ZodType }>;
const noData = z.object({});
type DataOf<T> = T extends { readonly data: infer D extends z.ZodType } ? D : typeof noData;
type Refusals<T extends Cards> = { readonly [K in keyof T]: Refusal<K & string, DataOf<T[K]>> };

/** Names the refusals of one page. */
export const refusals = <const T extends Cards>(cards: T): Refusals<T> =>
  Object.fromEntries(
    Object.entries(cards).map(([code, card]) => [code, { data: noData, ...card, code }]),
  ) as unknown as Refusals<T>;

/** What a refusal looks like on the wire and in a journal. */
export const Refused = z.object({
  code: z.string(),
  status: z.int().min(400).max(499),
  message: z.string(),
  data: z.unknown(),
});
export type Refused = z.infer<typeof Refused>;

/** A refusal on its way to the caller. */
export class RefusalError extends Error {
  override readonly name = "RefusalError";
  readonly refused: Refused;

  constructor(refused: Refused) {
    super(refused.message);
    this.refused = refused;
  }
  get code(): string {
    return this.refused.code;
  }
  get status(): number {
    return this.refused.status;
  }
  get data(): unknown {
    return this.refused.data;
  }
}

/** `throw refuse(StockRefusals.OUT_OF_STOCK, { … })`: terminal, never retried. */
export const refuse = <R extends Refusal>(refusal: R, data: z.input<R["data"]>): RefusalError =>
  new RefusalError({ code: refusal.code, status: refusal.status, message: refusal.says, data });

/** Is this error that refusal? Narrows `data`. */
export const isRefusal = <R extends Refusal>(
  error: unknown,
  refusal: R,
): error is RefusalError & { readonly data: z.output<R["data"]> } =>
  error instanceof RefusalError && error.code === refusal.code;

/** The metadata that a terminal error carries, and its reading. Source: Restate allows strings only. */
export const toMetadata = (refused: Refused): Record<string, string> => ({
  code: refused.code,
  data: JSON.stringify(refused.data ?? {}),
});

export const fromMetadata = (
  metadata: Readonly<Record<string, string>> | undefined,
  status: number,
  message: string,
): Refused | undefined => {
  const code = metadata?.["code"];
  if (code === undefined || status < 400 || status > 499) return undefined;
  return { code, status, message, data: JSON.parse(metadata?.["data"] ?? "{}") };
};

/** What any operation may answer, whatever its page says. */
export const CommonRefusals = refusals({
  INVALID_INPUT: {
    status: 400,
    says: "The request does not have the shape that this operation takes.",
    data: z.object({ issues: z.array(z.object({ path: z.string(), says: z.string() })) }),
  },
  UNAUTHENTICATED: {
    status: 401,
    says: "Sign in first: the access token is missing, expired, revoked or not ours.",
    data: z.object({ reason: z.enum(["missing", "malformed", "expired", "tampered", "revoked"]) }),
  },
  FORBIDDEN: {
    status: 403,
    says: "Your account may not do this.",
    data: z.object({ needs: z.string() }),
  },
  ACCOUNT_SUSPENDED: { status: 403, says: "Your account is suspended: write to us." },
  NOT_FOUND: { status: 404, says: "There is nothing here by that name." },
  BUSY: {
    status: 429,
    says: "So many ask for the same at once that the queue is full: ask again in a moment.",
    data: z.object({ retryAfterMs: z.int() }),
  },
});
