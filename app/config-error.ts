/** Thrown with one sentence a variable that is missing or wrong. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}
