/** A failed statement's error without its parameters: they may be secrets, and errors end in logs and journals. */
export const withoutParameters = (error: unknown): unknown => {
  if (!(error instanceof Error) || !("query" in error) || !("params" in error)) return error;
  const cause = error.cause instanceof Error ? error.cause : undefined;
  const code = cause !== undefined && "code" in cause ? ` (${String(cause.code)})` : "";
  return new Error(`${cause?.message ?? "A statement failed"}${code} in: ${String(error.query)}`);
};
