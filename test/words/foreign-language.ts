import { registerHooks } from 'node:module'
import { currentCatalogue } from '../../scripts/words/catalogue.ts'
import type { Language } from '../../src/core/language.ts'
import { foreign } from './foreign-letters.ts'

// Loaded before a program (`node --import`): gives it a translation of every text into a language that has no letter in
// common with English.

const { texts, counts } = currentCatalogue()

const language: Language = {
  locale: 'en-GB',
  texts: Object.fromEntries(Object.keys(texts).map((key) => [key, foreign(key)])),
  counts: Object.fromEntries(
    Object.entries(counts).map(([one, { many }]) => [
      one,
      { one: `{0}\u00A0${foreign(one)}`, other: `{0}\u00A0${foreign(many)}` },
    ]),
  ),
}

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '#language'
      ? {
          url: `data:application/json,${encodeURIComponent(JSON.stringify(language))}`,
          format: 'json',
          importAttributes: { type: 'json' },
          shortCircuit: true,
        }
      : next(specifier, context),
})
