/** Exit code for a configuration that cannot be used: EX_CONFIG of sysexits.h. */
export const EXIT_CONFIG = 78

/** Everything that is wrong with a configuration, in one message. Values are never in it: one may be a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`configuration: ${problems.join('; ')}`)
    this.problems = problems
  }
}
