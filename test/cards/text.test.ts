import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defused, elementId, label, outside, prose, spoken, visible } from '../../src/cards/text.ts'

describe('outside text', () => {
  it.each([
    ['a plain name', 'Seattle', '\u2068Seattle\u2069'],
    ['line ends and tabs', 'a\r\nb\tc', '\u2068a b c\u2069'],
    ['a reversing name', 'evil \u202Etxt', '\u2068evil txt\u2069'],
    ['a name that closes its isolate', 'a\u2069\u2068b', '\u2068ab\u2069'],
    ['a lone surrogate', 'a\uD800b', '\u2068a\uFFFDb\u2069'],
    ['nothing at all', ' \u200B\u0000 ', '\u2068unnamed\u2069'],
    ['24 letters', 'x'.repeat(24), `\u2068${'x'.repeat(24)}\u2069`],
    ['25 letters', 'x'.repeat(25), `\u2068${'x'.repeat(24)}\u200Bx\u2069`],
    ['markup stays as it is typed', '[a](http://b) **c**', '\u2068[a](http://b) **c**\u2069'],
  ])('%s', (_name, given, want) => {
    expect(outside(given)).toBe(want)
  })

  it('is cut to 80 characters, whole ones', () => {
    const kept = visible(outside('𝕏'.repeat(100)))
    expect([...kept]).toHaveLength(80)
    expect(kept.endsWith('𝕏…')).toBe(true)
  })

  it('survives the last look unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const sentence = `No office is called ${outside(text)}.`
        expect(prose(sentence)).toBe(sentence)
      }),
    )
  })
})

describe('prose', () => {
  it.each([
    [
      'a number and its unit stay on one line',
      'Leaves 7,700 km away, limit 800 km.',
      'Leaves 7,700\u00A0km away, limit\u00A0800\u00A0km.',
    ],
    ['a date stays on one line', 'until 1 Jun 2027.', 'until 1\u00A0Jun\u00A02027.'],
    ['a stray isolate goes', 'a \u2068 b', 'a b'],
    ['blanks beside a name stay', `a ${outside('x')} b`, 'a \u2068x\u2069 b'],
  ])('%s', (_name, given, want) => {
    expect(prose(given)).toBe(want)
  })

  it('keeps 480 bytes at most, as they go over the wire', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 300, maxLength: 900 }), (text) => {
        const plain = prose(text).replaceAll('\u200B', '')
        expect(Buffer.byteLength(JSON.stringify(plain)) - 2).toBeLessThanOrEqual(480)
      }),
    )
  })
})

describe('other places', () => {
  it('a spoken sentence holds nothing that reads as markup or as a link', () => {
    expect(spoken(`${outside('[a](http://b) <at>c</at>')} is ready`)).toBe(
      '［a］（http:\u2060//b） ＜at＞c＜/at＞ is ready',
    )
  })

  it('a button has 28 letters at most', () => {
    expect(label('Check Seattle')).toBe('Check Seattle')
    expect([...label('x'.repeat(40))]).toHaveLength(28)
  })

  it('data cannot look like a template, and a terminal shows it as it was', () => {
    const { a } = defused({ a: ['${x}', 1, null, { b: '$${' }] })
    expect(JSON.stringify(a)).not.toContain('${')
    expect(visible(String(a[0]))).toBe('${x}')
  })

  it.each([
    ['sea', 'sea'],
    ['Sea', 'at-1'],
    ['a b', 'at-1'],
    ['', 'at-1'],
  ])('the id %j becomes %j', (given, want) => {
    expect(elementId(given, 'at-1')).toBe(want)
  })
})
