/**
 * `npm run words` writes `words/catalogue.json`, every text of the chat and where it stands. `npm run words -- de`
 * also brings a translation up to date: what it has is kept, what is missing stands empty, what is gone goes.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Language } from '../src/core/language.ts'
import { CATALOGUE_FILE, catalogueText, currentCatalogue } from './words/catalogue.ts'
import { emptyTranslation, renewed } from './words/translation.ts'

const catalogue = currentCatalogue()
writeFileSync(CATALOGUE_FILE, catalogueText(catalogue))
console.log(`${Object.keys(catalogue.texts).length} texts, ${Object.keys(catalogue.counts).length} counts.`)

const [locale] = process.argv.slice(2)
if (locale !== undefined) {
  const file = join(CATALOGUE_FILE, '..', `${locale}.json`)
  const before: Language = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8'))
    : emptyTranslation(locale)
  const { language, missing, gone } = renewed(before, catalogue)
  writeFileSync(file, `${JSON.stringify(language, null, 2)}\n`)
  console.log(`words/${locale}.json: ${missing} to translate, ${gone} that are no longer said went.`)
}
