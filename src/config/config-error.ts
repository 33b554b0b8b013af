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

/** Runs both, so that a person sees the problems of both at once. Throws one `ConfigError`. */
export function problemsTogether<A, B>(first: () => A, second: () => B): readonly [A, B] {
  const problems: string[] = []
  const attempt = <T>(run: () => T): { readonly made: T } | null => {
    try {
      return { made: run() }
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      problems.push(...error.problems)
      return null
    }
  }
  const a = attempt(first)
  const b = attempt(second)
  if (a === null || b === null) throw new ConfigError(problems)
  return [a.made, b.made]
}
