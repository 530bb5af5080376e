/** Raw requests, as a stranger sends them, and what there is to see of the answers. */

export type Knock = {
  readonly method?: string;
  /** The whole header, e.g. `Bearer …`. */
  readonly authorization?: string | undefined;
  readonly body?: string;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** How long an answer may take before it counts as none: status 0. */
  readonly waitMs?: number;
};
export type Reply = {
  readonly status: number;
  /** The code of a refusal, wherever it stands: in the ingress's metadata or in the edge's body. */
  readonly code: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly text: string;
  readonly ms: number;
};

const WAIT_MS = 10_000;

export const knock = async (url: string, sent: Knock = {}): Promise<Reply> => {
  const {
    method = "POST",
    authorization,
    body,
    contentType = "application/json",
    headers = {},
    waitMs = WAIT_MS,
  } = sent;
  const hasBody = body !== undefined && method !== "GET";
  const startedAt = performance.now();
  const response = await fetch(url, {
    method,
    signal: AbortSignal.timeout(waitMs),
    headers: {
      ...(hasBody && { "content-type": contentType }),
      ...(authorization !== undefined && { authorization }),
      ...headers,
    },
    ...(hasBody && { body }),
  }).catch(noAnswer);
  if (response === undefined)
    return { status: 0, text: "no answer", ms: performance.now() - startedAt, ...refusalIn("") };
  const text = await response.text();
  return { status: response.status, text, ms: performance.now() - startedAt, ...refusalIn(text) };
};

const noAnswer = (error: unknown): undefined => {
  if (error instanceof DOMException && error.name === "TimeoutError") return undefined;
  throw error;
};

type ErrorBody = { code?: unknown; data?: unknown; metadata?: { code?: string; data?: string } };

const refusalIn = (text: string): Pick<Reply, "code" | "data" | "body"> => {
  const body = parsed(text);
  const { code, data, metadata } = (body ?? {}) as ErrorBody;
  if (metadata?.code !== undefined)
    return { body, code: metadata.code, data: JSON.parse(metadata.data ?? "{}") };
  return {
    body,
    code: typeof code === "string" ? code : undefined,
    data: (data ?? {}) as Record<string, unknown>,
  };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Runs `work` over all items, so many at a time; results in the order of the items. */
export const inParallel = async <T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> => {
  const results: R[] = [];
  const waiting = [...items.entries()];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
};
