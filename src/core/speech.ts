import type { Language } from './language.ts'

/** What stands in a text at the place of a value; nothing stands there for undefined. */
export type Value = string | number | undefined

/** How texts are said in one language. */
export interface Speech {
  /**
   * A text that people read. English stands where it is used, and is the key under which a translation (`words/`, see
   * its README) holds the same text, with the values as `{0}`, `{1}`:
   *
   *     t`Check ${name}`   →   "Check {0}": "{0} prüfen"
   *
   * A text that the translation lacks stays English. Commands, ids and logs are no texts: they are the same everywhere.
   */
  readonly t: (strings: TemplateStringsArray, ...values: readonly Value[]) => string
  /** A text that stands as it is in data, such as a card's template. */
  readonly named: (text: string) => string
  /** `1 office`, `2 offices`, by the plural rules of the language; `written` is the count as it is shown. */
  readonly counted: (count: number, written: string, one: string, many: string) => string
}

/** The speech of one language. */
export function speechIn({ locale, texts, counts }: Language): Speech {
  // Texts are few, and live as long as the program.
  const known = new WeakMap<TemplateStringsArray, readonly (string | number)[]>()
  const plurals = new Intl.PluralRules(locale)
  const partsOf = (strings: TemplateStringsArray): readonly (string | number)[] => {
    const before = known.get(strings)
    if (before !== undefined) return before
    const key = textKey(strings)
    const parts = textParts(texts[key] || key)
    known.set(strings, parts)
    return parts
  }
  return {
    t: (strings, ...values) =>
      partsOf(strings)
        .map((part) => (typeof part === 'number' ? (values[part] ?? '') : part))
        .join(''),
    named: (text) => texts[text] || text,
    counted: (count, written, one, many) => {
      const forms = counts[one]
      const form = forms?.[plurals.select(count)] || forms?.other
      return form === undefined || form === ''
        ? `${written}\u00A0${count === 1 ? one : many}`
        : form.replaceAll('{0}', () => written)
    },
  }
}

/** A text with `{0}`, `{1}` in place of its values: what a translation calls it. */
export function textKey(strings: readonly string[]): string {
  return strings.reduce((key, part, index) => `${key}{${index - 1}}${part}`)
}

/** The parts of a text and the numbers of its values, in turn. */
function textParts(text: string): readonly (string | number)[] {
  return text.split(/\{(\d+)\}/).map((part, index) => (index % 2 === 1 ? Number(part) : part))
}
