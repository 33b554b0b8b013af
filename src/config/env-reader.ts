/** An environment as `process.env` has it. */
export type Env = Readonly<Record<string, string | undefined>>

/** What a value is like, never what it is: it may be a secret. */
export function shapeOf(value: string): string {
  return value.trim() === '' ? 'got nothing but white space' : `got ${value.length} characters`
}

/** Reports whether a value was copied from an example and never filled in. */
export function isPlaceholder(value: string): boolean {
  return /^<.*>$|^(changeme|change-me|todo|example|your[-_ ].*|xxx+)$/i.test(value.trim())
}

/**
 * Reads settings and gathers what is wrong with them, so that a person sees every problem at once. A problem is
 * `KEY: reason (got …)`.
 */
export class EnvReader {
  readonly problems: string[] = []
  readonly #env: Env
  readonly #known = new Set<string>()

  constructor(env: Env) {
    this.#env = env
  }

  /** The value that `read` makes of a setting; null when the setting is missing or, with a problem noted, bad. */
  optional<T>(key: string, read: (value: string) => T | null, expected: string): T | null {
    this.#known.add(key)
    const value = this.#env[key]
    if (value === undefined) return null
    const made = value.trim() === '' || isPlaceholder(value) ? null : read(value.trim())
    if (made === null) this.problem(key, expected, value)
    return made
  }

  /** Notes a problem. */
  problem(key: string, expected: string, value?: string): void {
    this.problems.push(
      value === undefined ? `${key}: ${expected}` : `${key}: ${expected} (${shapeOf(value)})`,
    )
  }

  /** Marks settings as ones that exist, though nobody reads them now. */
  know(keys: readonly string[]): void {
    for (const key of keys) this.#known.add(key)
  }

  /** Settings that start with `prefix` and were not read: most likely misspelt. */
  strangers(prefix: string): readonly string[] {
    return Object.keys(this.#env).filter(
      (key) => key.toUpperCase().startsWith(prefix) && !this.#known.has(key),
    )
  }
}
