/** Lines for engineers. Addresses of whoever asks stand in `debug` lines alone. */
export interface Log {
  debug(facts: object, message: string): void
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}
