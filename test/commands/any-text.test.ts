import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answerText } from '../../src/commands/answer.ts'
import { contextOf, OFFICES } from './context.ts'

describe('any text at all', () => {
  const words = fc.constantFrom(
    ...[
      'check',
      'recheck',
      'cancel',
      'summary',
      'page',
      '+',
      '-',
      '#emea',
      'office',
      'all',
      'status',
      'why',
      'help',
      'Seattle',
      'London',
      'San',
      'local-dns',
      '東京',
    ],
    ...['__proto__', 'constructor', '${x}', '\u202e', '\u200b', '\u0000', '.', '"', '\n', '<at>', '10.0.0.1'],
  )
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ unit: 'grapheme', maxLength: 120 }),
    fc
      .array(fc.oneof(words, fc.string({ unit: 'grapheme', maxLength: 6 })), { maxLength: 8 })
      .map((parts) => parts.join(' ')),
  )
  const names = OFFICES.flatMap((office) => [office.name, office.id, ...office.aliases])
  const skeleton = (value: string) =>
    value
      .normalize('NFKD')
      .replace(/\p{M}|\p{Cf}|\u034f|[\ufe00-\ufe0f]/gu, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim()

  it('is answered, and begins a check only of offices that it names, by name, tag or all', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (typed) => {
        const { answer } = await answerText(typed, contextOf())
        if (answer.kind !== 'check') return
        const asked = skeleton(typed).replace(/^(re)?check ?(office )?/, '')
        // What the last check here was about.
        if (asked === '' || asked === 'all') return
        if (!/[+\p{Pd}\u2212#]/u.test(typed.normalize('NFKC'))) {
          expect(names.map(skeleton)).toContain(asked)
          return
        }
        for (const { id, name, aliases, tags } of OFFICES) {
          if (!answer.officeIds.includes(id)) continue
          const ways = [name, id, ...aliases, ...tags, 'all'].map(skeleton)
          expect(ways.some((way) => asked.includes(way))).toBe(true)
        }
      }),
      { numRuns: 1500 },
    )
  })

  it('begins no check for somebody who may not', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (typed) => {
        for (const role of ['member', 'viewer'] as const) {
          const { answer } = await answerText(typed, contextOf(role))
          expect(answer.kind).toBe('card')
        }
      }),
    )
  })
})
