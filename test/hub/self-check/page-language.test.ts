import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pageIn, textsModule, textsOfPage } from '../../../src/hub/self-check/page-language.ts'
import { foreign } from '../../words/foreign-letters.ts'

const PAGES = join(import.meta.dirname, '..', '..', '..', 'src', 'pages')
const read = (name: string): string => readFileSync(join(PAGES, name), 'utf8')
const HTML = read('self-check.html')

describe('the page in another language', () => {
  it('is the same page in English, but for the ends of its lines', () => {
    const flat = (html: string): string => html.replace(/\s+/g, ' ').replace(/> | </g, (edge) => edge.trim())
    expect(flat(pageIn(HTML, 'en', (text) => text))).toBe(flat(HTML))
  })

  it('has no word of English left between its tags', () => {
    const shown = pageIn(HTML, 'xx', foreign)
      .replace(/<[^>]*>/g, ' ')
      .match(/[A-Za-z]{2,}/g)
    expect(shown).toBe(null)
  })

  it('says its language, and its labels', () => {
    const page = pageIn(HTML, 'de', (text) => (text === 'Progress' ? 'Stand' : text))
    expect(page).toContain('<html lang="de">')
    expect(page).toContain('aria-label="Stand"')
  })

  it('takes no translation for markup', () => {
    const page = pageIn('<p data-t>Hello</p><i aria-label="x"></i>', 'de', () => '<b title="x">&')
    expect(page).toBe(
      '<p data-t>&lt;b title=&quot;x&quot;>&amp;</p><i aria-label="&lt;b title=&quot;x&quot;>&amp;"></i>',
    )
  })

  it('lists the texts of the page, one line each', () => {
    const texts = textsOfPage(HTML)
    expect(texts).toContain('The UDP that calls and meetings use.')
    expect(texts.every((text) => text !== '' && !/\s{2}/.test(text))).toBe(true)
  })

  it('gives the scripts what is translated of their texts, values counted', () => {
    const script = 'const a = t`Good ${once}, ${twice}`; const b = t`Stop`'
    const german = (text: string): string => (text === 'Good {0}, {1}' ? '{1}, gut {0}' : text)
    expect(textsModule([script], german)).toBe('export const TEXTS = {"Good {0}, {1}":"{1}, gut {0}"}\n')
    expect(textsModule([script], (text) => text)).toBe('export const TEXTS = {}\n')
  })

  it('has no sentence in its scripts that is not tagged', () => {
    const untagged = ['page.js', 'show.js', 'measure.js']
      .flatMap((name) => read(name).match(/(?<!t)(['`])[A-Z][^'`\n]* [^'`\n]*\1/g) ?? [])
      .filter((text) => !/^['`]\$\{/.test(text))
    expect(untagged).toEqual([])
  })
})
