import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Language } from '../../src/core/language.ts'
import { speechIn, textKey } from '../../src/core/speech.ts'

const NONE: Language = { locale: 'en-GB', texts: {}, counts: {} }

const GERMAN: Language = {
  locale: 'de',
  texts: {
    'Check {0}': '{0} prüfen',
    '{0} of {1} offices': 'von {1} Büros {0}',
    'What to do': 'Was zu tun ist',
    'Not yet': '',
  },
  counts: { office: { one: '{0} Büro', other: '{0} Büros' } },
}

const POLISH: Language = {
  locale: 'pl',
  texts: {},
  counts: { office: { one: '{0} biuro', few: '{0} biura', many: '{0} biur', other: '{0} biura' } },
}

describe('a text', () => {
  it('is what stands in the code where there is no translation', () => {
    const { t } = speechIn(NONE)
    expect(t`Check ${'Seattle'}, ${3} times`).toBe('Check Seattle, 3 times')
  })

  it('is what the translation has under it, its values where they belong there', () => {
    const { t, named } = speechIn(GERMAN)
    expect(t`Check ${'Seattle'}`).toBe('Seattle prüfen')
    expect(t`${3} of ${12} offices`).toBe('von 12 Büros 3')
    expect(named('What to do')).toBe('Was zu tun ist')
  })

  it('stays English where the translation lacks it or leaves it empty', () => {
    const { t, named } = speechIn(GERMAN)
    expect(t`Stop ${'it'}`).toBe('Stop it')
    expect(t`Not yet`).toBe('Not yet')
    expect(named('Judged')).toBe('Judged')
  })

  it('has nothing where a value is undefined', () => {
    expect(speechIn(NONE).t`a${undefined}b`).toBe('ab')
  })

  it('keeps its values as they are, whatever they look like', () => {
    const { t } = speechIn(GERMAN)
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(t`Check ${value}`).toBe(`${value} prüfen`)
      }),
    )
    expect(t`Check ${'{0} $& $1'}`).toBe('{0} $& $1 prüfen')
  })

  it('is called by its parts with numbers between them', () => {
    expect(textKey(['', ' of ', ' offices'])).toBe('{0} of {1} offices')
    expect(textKey(['What to do'])).toBe('What to do')
  })
})

describe('a count', () => {
  it('has the plural of English without a translation', () => {
    const { counted } = speechIn(NONE)
    expect([counted(1, '1', 'office', 'offices'), counted(1200, '1,200', 'entry', 'entries')]).toEqual([
      '1\u00A0office',
      '1,200\u00A0entries',
    ])
  })

  it.each([
    [1, '1 biuro'],
    [3, '3 biura'],
    [5, '5 biur'],
    [1.5, '1.5 biura'],
  ])('of %d has the form that the language asks for: %s', (count, said) => {
    expect(speechIn(POLISH).counted(count, String(count), 'office', 'offices')).toBe(said)
  })
})
