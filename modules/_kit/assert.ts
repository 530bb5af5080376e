/** A bug is ours, not the caller's: the invocation is retried and then paused, until a fixed deployment resumes it. */
export class Bug extends Error {
  override readonly name = "Bug";
}

/** States what cannot be otherwise: `assert(row !== undefined, "the insert above made it")`. */
export function assert(condition: unknown, why: string): asserts condition {
  if (!condition) throw new Bug(`This cannot be: ${why}`);
}
