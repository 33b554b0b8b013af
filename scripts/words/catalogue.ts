import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { textsOfPage } from '../../src/hub/self-check/page-language.ts'
import { type Texts, textsOfSource, textsOfTemplate } from './texts.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Every text that people read in a chat, and where it stands. */
export const CATALOGUE_FILE = join(ROOT, 'words', 'catalogue.json')

/** Files by text, and the plural and files by what is counted; all in order of the alphabet. */
export interface Catalogue {
  readonly texts: Readonly<Record<string, readonly string[]>>
  readonly counts: Readonly<Record<string, { readonly many: string; readonly in: readonly string[] }>>
}

/** The catalogue of the tree as it is. */
export function currentCatalogue(): Catalogue {
  const texts = new Map<string, string[]>()
  const counts = new Map<string, { many: string; in: string[] }>()
  for (const file of [
    ...filesIn('src', '.ts'),
    ...filesIn('src/pages', '.js'),
    ...filesIn('src/pages', '.html'),
    ...filesIn('cards', '.template.json'),
  ]) {
    const found = textsOf(file)
    for (const text of new Set(found.texts)) texts.set(text, [...(texts.get(text) ?? []), file])
    for (const [one, many] of found.counts) {
      const before = counts.get(one)?.in ?? []
      counts.set(one, { many, in: before.includes(file) ? before : [...before, file] })
    }
  }
  return { texts: sorted(texts), counts: sorted(counts) }
}

/** As it is written to {@link CATALOGUE_FILE}. */
export function catalogueText(catalogue: Catalogue): string {
  return `${JSON.stringify(catalogue, null, 2)}\n`
}

function textsOf(file: string): Texts {
  const source = readFileSync(join(ROOT, file), 'utf8')
  if (file.endsWith('.html')) return { texts: textsOfPage(source), counts: [] }
  return file.endsWith('.json')
    ? { texts: textsOfTemplate(JSON.parse(source)), counts: [] }
    : textsOfSource(source)
}

function filesIn(folder: string, end: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(end))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .toSorted()
}

function sorted<T>(entries: ReadonlyMap<string, T>): Readonly<Record<string, T>> {
  return Object.fromEntries([...entries].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
