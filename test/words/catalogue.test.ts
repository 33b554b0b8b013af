import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CATALOGUE_FILE, catalogueText, currentCatalogue } from '../../scripts/words/catalogue.ts'
import { textsOfSource, textsOfTemplate, untaggedIn } from '../../scripts/words/texts.ts'
import { emptyTranslation, faultsOf, renewed } from '../../scripts/words/translation.ts'

const ROOT = join(import.meta.dirname, '..', '..')

const SOURCE = `
import { t } from './t.ts'
const a = t\`Check \${name}\`
const b = cond ? t\`It is \${done ? t\`done\` : 'x'}.\` : other\`not ours\`
const c = countText(n, 'office') + countText(m, 'entry', 'entries')
`

const CATALOGUE = {
  texts: { 'Check {0}': ['src/a.ts'], Stop: ['src/b.ts'] },
  counts: { office: { many: 'offices', in: ['src/a.ts'] } },
}

const catalogue = currentCatalogue()

describe('the catalogue of texts', () => {
  it('is up to date; npm run words makes it so', () => {
    expect(readFileSync(CATALOGUE_FILE, 'utf8')).toBe(catalogueText(catalogue))
  })

  it.each(['cards', 'commands', 'criteria', 'hub'])('lacks no sentence of %s', (room) => {
    const folder = join(ROOT, 'src', room)
    const untagged = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      // What the web server says, it says to the log and to whoever starts it.
      .filter((name) => name.endsWith('.ts') && !name.startsWith('http'))
      .flatMap((name) =>
        untaggedIn(readFileSync(join(folder, name), 'utf8')).map((text) => `${name}: ${text}`),
      )
    expect(untagged).toEqual([])
  })

  it('finds a sentence that nobody tagged', () => {
    const source =
      "const why = ['Nothing was done.', t`It is ${x ? 'So it is said.' : ''}`, new Error('A bug is here.')]"
    expect(untaggedIn(source)).toEqual(['Nothing was done.', 'So it is said.'])
  })

  it('has what is tagged, also inside another text, and what is counted', () => {
    expect(textsOfSource(SOURCE)).toEqual({
      texts: ['Check {0}', 'It is {0}.', 'done'],
      counts: [
        ['office', 'offices'],
        ['entry', 'entries'],
      ],
    })
  })

  it('has the words of templates that no value is in', () => {
    const template = { body: [{ type: 'TextBlock', text: 'Judged' }, { text: 'Asked by ${who}' }] }
    expect(textsOfTemplate(template)).toEqual(['Judged'])
  })
})

describe('a translation', () => {
  const folder = dirname(CATALOGUE_FILE)
  const files = readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'catalogue.json')

  it.each(files)('%s says no text that there is not, and no value that its text lacks', (name) => {
    expect(faultsOf(JSON.parse(readFileSync(join(folder, name), 'utf8')), catalogue)).toEqual([])
  })

  it('is brought up to date: what it has stays, what is new is empty, what is gone goes', () => {
    const before = { locale: 'de', texts: { 'Check {0}': '{0} prüfen', Gone: 'Weg' }, counts: {} }
    expect(renewed(before, CATALOGUE)).toEqual({
      language: {
        locale: 'de',
        texts: { 'Check {0}': '{0} prüfen', Stop: '' },
        counts: { office: { one: '', other: '' } },
      },
      missing: 2,
      gone: 1,
    })
    expect(renewed(emptyTranslation('pl'), CATALOGUE).language.counts['office']).toEqual({
      one: '',
      few: '',
      many: '',
      other: '',
    })
  })

  it('is told of a value or a text that is not ours', () => {
    const wrong = { locale: 'de', texts: { 'Check {0}': '{1} prüfen', Strange: 'x' }, counts: { bird: {} } }
    expect(faultsOf(wrong, CATALOGUE)).toEqual([
      '{1} is not in: Check {0}',
      'no text of ours: Strange',
      'nothing of ours is counted as: bird',
    ])
  })
})
