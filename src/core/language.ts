import language from '#language' with { type: 'json' }

/** A file of `words/`: one language. */
export interface Language {
  /** By what dates and numbers are written, a BCP 47 tag, e.g. `de`. */
  readonly locale: string
  /** Each text under its English, values as `{0}`, `{1}`. */
  readonly texts: Readonly<Record<string, string | undefined>>
  /** What is counted, under its English singular: the forms of `Intl.PluralRules`, the count as `{0}`. */
  readonly counts: Readonly<
    Record<string, Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> | undefined>
  >
}

/** The language of this installation: `#language` in package.json names its file by a condition of Node's. */
export const LANGUAGE: Language = language
