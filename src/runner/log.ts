/** Lines for engineers: a constant message and the facts beside it. No secret, no body, no header. */
export interface Log {
  debug(facts: object, message: string): void
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}
