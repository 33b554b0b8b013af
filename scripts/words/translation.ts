import type { Language } from '../../src/core/language.ts'
import type { Catalogue } from './catalogue.ts'

/** A language before its first text. */
export function emptyTranslation(locale: string): Language {
  return { locale, texts: {}, counts: {} }
}

/** A translation with every text of the catalogue: what it had is kept, what is missing is empty, what is gone goes. */
export function renewed(
  before: Language,
  catalogue: Catalogue,
): { readonly language: Language; readonly missing: number; readonly gone: number } {
  const categories = new Intl.PluralRules(before.locale).resolvedOptions().pluralCategories
  const texts = Object.keys(catalogue.texts).map((key) => [key, before.texts[key] ?? ''] as const)
  const counts = Object.keys(catalogue.counts).map(
    (one) =>
      [
        one,
        Object.fromEntries(categories.map((category) => [category, before.counts[one]?.[category] ?? ''])),
      ] as const,
  )
  const missing =
    texts.filter(([, text]) => text === '').length +
    counts.filter(([, forms]) => Object.values(forms).includes('')).length
  const gone =
    Object.keys(before.texts).filter((key) => !(key in catalogue.texts)).length +
    Object.keys(before.counts).filter((one) => !(one in catalogue.counts)).length
  return {
    language: { locale: before.locale, texts: Object.fromEntries(texts), counts: Object.fromEntries(counts) },
    missing,
    gone,
  }
}

/** What is wrong with a translation: values that the English text does not have, or a locale that is none. */
export function faultsOf(language: Language, catalogue: Catalogue): readonly string[] {
  const texts = Object.entries(language.texts).flatMap(([key, text = '']) => {
    if (!(key in catalogue.texts)) return [`no text of ours: ${key}`]
    const strange = valuesIn(text).filter((value) => !valuesIn(key).includes(value))
    return strange.length === 0 ? [] : [`${strange.join(', ')} is not in: ${key}`]
  })
  const counts = Object.keys(language.counts).flatMap((one) =>
    one in catalogue.counts ? [] : [`nothing of ours is counted as: ${one}`],
  )
  return [...texts, ...counts]
}

function valuesIn(text: string): readonly string[] {
  return text.match(/\{\d+\}/g) ?? []
}
