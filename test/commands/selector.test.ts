import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readSelectionOrCity } from '../../src/commands/in-city.ts'
import { readSelection } from '../../src/commands/selector.ts'
import type { Office } from '../../src/core/office.ts'
import { loadCities } from '../../src/places/cities.ts'
import { anOffice } from '../support/check-kit.ts'

const OFFICES: readonly Office[] = [
  anOffice('seattle', { aliases: ['sea'], tags: ['us'] }),
  anOffice('london', { tags: ['emea'], at: { latitude: 51.51, longitude: -0.13 } }),
  anOffice('san-jose', { name: 'San José', tags: ['us', 'small-sites'] }),
  anOffice('baden', { tags: ['emea'] }),
  anOffice('baden-baden', { name: 'Baden-Baden', tags: ['emea', 'small-sites'] }),
  anOffice('north', { name: 'London - North', tags: ['emea'], aliases: ['R+D'] }),
  anOffice('cpp', { name: 'C++ Lab' }),
  anOffice('here', { name: 'here', onlyWhenNamed: true, tags: ['us'] }),
]
const ids = (typed: string, offices = OFFICES) => {
  const read = readSelection(typed, offices)
  return read.kind === 'picked' ? read.offices.map(({ id }) => id).join(' ') : read.kind
}

const table = await loadCities()
const CITIES = { cities: async (text: string) => table.named(text) }

describe('a selection of offices', () => {
  it.each([
    ['Seattle', 'seattle'],
    ['sea', 'seattle'],
    ['all', 'seattle london san-jose baden baden-baden north cpp'],
    ['ALL - #emea', 'seattle san-jose cpp'],
    ['#EMEA', 'london baden baden-baden north'],
    ['#emea+Seattle', 'seattle london baden baden-baden north'],
    ['#emea + Seattle - London', 'seattle baden baden-baden north'],
    ['#emea \u2013 Baden', 'london baden-baden north'],
    ['#emea -Baden', 'london baden-baden north'],
    ['#us - #small-sites', 'seattle'],
    ['San-Jose + San José', 'san-jose'],
    ['san jose - San José', ''],
    ['Baden-Baden', 'baden-baden'],
    ['Baden - Baden', ''],
    ['Baden-Baden - Baden', 'baden-baden'],
    ['London - North', 'north'],
    ['#emea - London - North', 'london baden baden-baden'],
    ['R+D + London', 'london north'],
    ['C++ Lab', 'cpp'],
    ['C++ Lab+Seattle', 'seattle cpp'],
    ['here', 'here'],
    ['all + here', 'seattle london san-jose baden baden-baden north cpp here'],
    ['', 'incomplete'],
    ['- London', 'incomplete'],
    ['London +', 'incomplete'],
    ['London + - Seattle', 'incomplete'],
    ['#apac', 'no-tag'],
    ['all - #apac', 'no-tag'],
    ['Seatle', 'unclear'],
    ['all - Seatle', 'unclear'],
    ['Seattle-London', 'unclear'],
    ['San', 'unclear'],
  ])('%s: %s', (typed, expected) => {
    expect(ids(typed)).toBe(expected)
  })

  it('says which part nobody goes by, and suggests instead of guessing', () => {
    const read = readSelection('#emea + Seatle - London', OFFICES)
    expect(read).toMatchObject({ kind: 'unclear', typed: 'Seatle', alone: false })
    expect(read.kind === 'unclear' && read.match).toMatchObject({
      kind: 'none',
      suggestions: [{ id: 'seattle' }],
    })
  })

  it('takes two offices of one name for none of them', () => {
    const twins = [anOffice('a', { name: 'Twin' }), anOffice('b', { name: 'twin', aliases: ['Twin'] })]
    expect(readSelection('TWIN', twins)).toMatchObject({ kind: 'unclear', match: { kind: 'several' } })
  })

  it('finds the one office in a city, and suggests where a city has several', async () => {
    const seattle = { latitude: 47.61, longitude: -122.33 }
    const hq = anOffice('hq', { name: 'Tower One', at: seattle })
    const lab = anOffice('lab', { name: 'Harbour', at: seattle })
    const far = anOffice('far', { name: 'Dock', at: { latitude: 51.5, longitude: -0.1 } })
    const picked = await readSelectionOrCity('Seattle', [hq, far], CITIES)
    expect(picked).toMatchObject({ kind: 'picked', offices: [{ id: 'hq' }] })
    const several = await readSelectionOrCity('Seattle', [hq, lab, far], CITIES)
    expect(several).toMatchObject({ kind: 'unclear', match: { kind: 'several', offices: [hq, lab] } })
    expect(await readSelectionOrCity('Atlantis', [hq, far], CITIES)).toMatchObject({ kind: 'unclear' })
    const lost = { ...hq, placed: false }
    expect(await readSelectionOrCity('Seattle', [lost, far], CITIES)).toMatchObject({ kind: 'unclear' })
  })
})

describe('any selection', () => {
  const names = ['Seattle', 'London', 'San José', 'Baden', 'Baden-Baden', 'C++ Lab', '#emea', '#us', 'all']
  const term = fc.constantFrom(...names)
  const some = fc
    .tuple(term, fc.array(fc.tuple(fc.constantFrom(' + ', ' - '), term), { maxLength: 5 }))
    .map(([first, rest]) => first + rest.map(([sign, name]) => sign + name).join(''))
  const set = (typed: string) => new Set(ids(typed).split(' ').filter(Boolean))

  it('is read without ever throwing', () => {
    const bits = fc.array(
      fc.oneof(
        term,
        fc.constantFrom('+', '-', ' ', '#', '\u2013', 'all', '.'),
        fc.string({ unit: 'binary' }),
      ),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(bits, (parts) => {
        expect(() => readSelection(parts.join(''), OFFICES)).not.toThrow()
      }),
      { numRuns: 2_000 },
    )
  })

  it('adds and takes away as sets do', () => {
    fc.assert(
      fc.property(some, term, term, (any, a, b) => {
        expect(set(`${any} + ${a}`)).toEqual(set(any).union(set(a)))
        expect(set(`${any} - ${a}`)).toEqual(set(any).difference(set(a)))
        expect(set(`${any} + ${a} + ${a}`)).toEqual(set(`${any} + ${a}`))
        expect(set(`${any} + ${a} + ${b}`)).toEqual(set(`${any} + ${b} + ${a}`))
        expect(set(`${any} - ${a} - ${b}`)).toEqual(set(`${any} - ${b} - ${a}`))
        expect(set(`${any} + ${a} - ${a}`)).toEqual(set(`${any} - ${a}`))
      }),
    )
  })

  it('takes every office by its own name, whatever signs stand in it', () => {
    const name = fc
      .array(fc.constantFrom('a', 'b', '+', '-', ' - ', ' + ', ' ', '\u00E9'), { minLength: 1, maxLength: 8 })
      .map((parts) => parts.join('').replace(/\s+/g, ' ').trim())
      .filter((text) => /[ab\u00E9]/.test(text))
    fc.assert(
      fc.property(name, (own) => {
        const office = anOffice('x', { name: own })
        const read = readSelection(own, [office, anOffice('london')])
        expect(read).toMatchObject({ kind: 'picked', offices: [{ id: 'x' }], byName: true })
      }),
    )
  })
})
