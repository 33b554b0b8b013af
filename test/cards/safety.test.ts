import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cardFaults } from './card-lint.ts'
import { CARDS } from './every-card.ts'
import { WORST_NAMES } from './golden-cases/worst-names.ts'
import { schemaFaults } from './schema-walker.ts'

const hostile = fc.oneof(
  fc.constantFrom(
    ...WORST_NAMES,
    '${title}',
    '$',
    '{x}',
    '${',
    '[x](http://evil.example)',
    '<at>Ana</at>',
    '<b>x</b>',
    '# x',
    '- x',
    '1. x',
    '\u2069\u2068\u2068',
    '\u202E',
    '\uD800',
    '__proto__',
    '"\\',
    '\u0000\n\r\t',
    'undefined',
    '',
    '<at id="0">Everyone</at>',
    '&lt;at&gt;Ana&lt;/at&gt;',
    '![x](https://evil.example/x.png)',
    'https://evil.example/login',
    'javascript:alert(1)',
    '{{DATE(2026-11-20T12:00:00Z,SHORT)}}',
    '${if(true, newGuid(), 1)}',
    '@{utcNow()}',
    'a\u200Bb\u200Cc\u2060d\uFEFFe',
    '\u05D0\u05D1 \u0627\u0644\u0642\u0627\u0647\u0631\u0629 800',
    '\u2066\u2067\u202A\u202D',
    'N'.repeat(10_000),
    '[x](y)'.repeat(2_000),
    '𝕏'.repeat(600),
    '"'.repeat(900),
    'W'.repeat(900),
    `e${'\u0301'.repeat(300)}`,
  ),
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 600 }),
)

/** Cards in all that are made of hostile texts, every slot of each; a few ms each. */
const CARDS_MADE = 5_000
const RUNS = Math.ceil(CARDS_MADE / Object.keys(CARDS).length)

/** The link of a self-check leads to the hub, whatever names the card holds. */
const OWN_LINK =
  '{"type":"Action.OpenUrl","title":"Open the self-check","url":"https://doorstep.example/me#code"}'

describe('card safety', () => {
  it.each(Object.entries(CARDS))(
    'no text in any slot of %s makes markup, a link, a mention or a card too large',
    (_name, make) => {
      fc.assert(
        fc.property(fc.array(hostile, { minLength: 1, maxLength: 12 }), (texts) => {
          let at = 0
          const { card, summary } = make(() => texts[at++ % texts.length] ?? '')
          expect(cardFaults(card).filter((fault) => fault !== 'a value is missing')).toEqual([])
          expect(schemaFaults(card)).toEqual([])
          expect(JSON.stringify(card).replace(OWN_LINK, '')).not.toMatch(
            /"url"|OpenUrl|"msteams"|"selectAction"/,
          )
          expect(summary).toBe((card as { speak: string }).speak)
        }),
        { numRuns: RUNS },
      )
    },
  )

  it('is looked at for every function that makes a card', () => {
    const folder = join(import.meta.dirname, '..', '..', 'src', 'cards')
    const made = readdirSync(folder)
      .filter((file) => file.endsWith('-card.ts'))
      .flatMap((file) => [
        ...readFileSync(join(folder, file), 'utf8').matchAll(/^export function (\w+Card)\(/gm),
      ])
      .map(([, name]) => String(name))
      .filter((name) => name !== 'renderCard')
    const table = Object.values(CARDS).map(String).join('\n')
    expect(made.length).toBeGreaterThan(10)
    expect(made.filter((name) => !table.includes(name))).toEqual([])
  })
})
