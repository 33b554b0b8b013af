import { describe, expect, it } from 'vitest'
import { cardCopies, cardKind, cardLines } from '../../src/cards/card-text.ts'
import { CRITERIA, letterOf, type Verdict } from '../../src/core/verdict.ts'
import { GOLDEN_CARDS } from './golden-cases/cards.ts'

const cardOf = (name: string) => GOLDEN_CARDS[name]?.().card ?? {}

describe('cards as plain text', () => {
  it.each([
    ['result.ready', 'ppppppppp', 'ready'],
    ['result.not-ready', 'ffffpuppp', 'not-ready'],
    ['result.inspected', 'pppufuppp', 'unproven'],
    ['result.forwarder', 'pffppuppp', 'not-ready'],
    ['result.unproven', 'uuuuuupup', 'unproven'],
  ])('%s gives every criterion in order, and last the readiness', (name, letters, readiness) => {
    const lines = cardLines(cardOf(name))
    expect(lines.slice(0, -1).map((line) => line.split(' ')[0])).toEqual([...CRITERIA])
    expect(
      lines
        .slice(0, -1)
        .map((line) => letterOf(line.split(' ')[1] as Verdict))
        .join(''),
    ).toBe(letters)
    expect(lines.at(-1)).toBe(`readiness ${readiness}`)
    expect(cardKind(cardOf(name))).toBe(readiness)
  })

  it('a result line carries the sentence with plain blanks', () => {
    expect(cardLines(cardOf('result.not-ready'))[0]).toBe(
      'local-egress fail Teams traffic leaves 7,700 km away, limit 800 km.',
    )
  })

  it('a summary gives one line per office, what is not shown, and the worst readiness', () => {
    const lines = cardLines(cardOf('summary.twelve'))
    expect(lines[0]).toBe('London not-ready Local egress fails: leaves 7,700 km away, limit 800 km.')
    expect(lines.slice(-2)).toEqual(['+2 more', 'readiness not-ready'])
    expect(lines).toHaveLength(12)
  })

  it('any other card reads line by line', () => {
    expect(cardLines(cardOf('refusal.unknown-office'))).toEqual([
      'No office is called “Seatle *HQ* [x](http://y)”',
      'Nothing was checked.',
      'Did you mean one of these?',
    ])
    expect(cardLines(cardOf('progress.half'))).toContain('◔ Nearest front door measuring')
    expect(cardLines(cardOf('why.fail'))).toContain('Limit 800 km (500 miles).')
  })

  it.each([
    ['progress.half', 'progress'],
    ['offices.five', 'offices'],
    ['status.all', 'status'],
    ['status.office', 'status'],
    ['why.fail', 'why'],
    ['help.all', 'help'],
    ['refusal.not-allowed', 'refusal'],
    ['summary.twelve', 'summary'],
    ['error.reference', 'error'],
  ])('%s is known by its band', (name, kind) => {
    expect(cardKind(cardOf(name))).toBe(kind)
  })

  it('a card that is not ours has no kind', () => {
    expect(cardKind({ type: 'AdaptiveCard', body: [] })).toBeNull()
  })
})

describe('what is to be copied from a card', () => {
  it('is the link, the command and the code of a self-check, and the file of a check', () => {
    const copies = cardCopies(cardOf('self-check-invite'))
    expect(copies.slice(0, 4)).toEqual([
      'Open the self-check:',
      'https://doorstep.example/me#code',
      'The command instead:',
      'node runner.mjs self-check --hub https://doorstep.example',
    ])
    expect(cardCopies(cardOf('evidence.file'))[0]).toBe('The file:')
  })

  it('is nothing of a form that is to be filled in', () => {
    for (const name of ['digest.form', 'office.form', 'office.import', 'result.not-ready'] as const)
      expect(cardCopies(cardOf(name))).toEqual([])
  })
})
