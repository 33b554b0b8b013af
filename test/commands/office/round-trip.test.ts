import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldedName, namesOf } from '../../../src/commands/match-office.ts'
import { csvLine, guarded, readCsv, unguarded } from '../../../src/commands/office/csv.ts'
import { draftOf, readDraft, valuesOf } from '../../../src/commands/office/draft.ts'
import { exportParts } from '../../../src/commands/office/export.ts'
import { nameProblem, plainText } from '../../../src/commands/office/names.ts'
import { planImport } from '../../../src/commands/office/plan.ts'
import { changed, readChanges } from '../../../src/commands/office/typed.ts'
import type { Office } from '../../../src/core/office.ts'
import { anOffice } from '../../support/check-kit.ts'
import { testGeography } from '../../support/registry-kit.ts'

const RUNS = Number(process.env['FC_RUNS'] ?? 100)
const name = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 2, maxLength: 20 }),
    fc
      .tuple(
        fc.constantFrom('=', '+', '-', '@', "'", "'=", '"', ''),
        fc.constantFrom('SUM(A1)', 'Zürich', '東京'),
      )
      .map((parts) => parts.join('')),
  )
  .map(plainText)
  .filter((text) => nameProblem(text) === null)
const alias = name.filter((text) => !/[,;]/.test(text))
const byte = fc.integer({ min: 0, max: 255 })
const range = fc.oneof(
  fc.tuple(fc.integer({ min: 11, max: 99 }), byte, byte).map(([a, b, c]) => `${a}.${b}.${c}.0/24`),
  fc.tuple(fc.integer({ min: 11, max: 99 }), byte, byte, byte).map((parts) => parts.join('.')),
  byte.map((part) => `2001:db8:${part.toString(16)}::/48`),
)
const office: fc.Arbitrary<Office> = fc
  .record({
    name,
    aliases: fc.uniqueArray(alias, { maxLength: 3, selector: foldedName }),
    tags: fc.uniqueArray(
      fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/).filter((tag) => tag !== 'all'),
      { maxLength: 3 },
    ),
    at: fc.record({
      latitude: fc.double({ min: -90, max: 90, noNaN: true }).map((value) => Number(value.toFixed(6))),
      longitude: fc.double({ min: -180, max: 180, noNaN: true }).map((value) => Number(value.toFixed(6))),
    }),
    placed: fc.boolean(),
    timeZone: fc.constantFrom('Europe/Paris', 'UTC', 'America/Argentina/Buenos_Aires'),
    egress: fc.uniqueArray(range, { maxLength: 20 }),
    resolvers: fc.uniqueArray(range, { maxLength: 5 }),
    doors: fc.uniqueArray(fc.constantFrom('LHR', 'CDG', 'AM4', 'XYZ'), { maxLength: 3 }),
    targets: fc.record(
      {
        rttMs: fc.integer({ min: 1, max: 1000 }),
        downloadMBps: fc.integer({ min: 1, max: 80 }).map((n) => n / 8),
      },
      { requiredKeys: [] },
    ),
  })
  .map((values) => {
    const at = values.placed ? values.at : { latitude: 0, longitude: 0 }
    const zero = (value: number) => (Object.is(value, -0) ? 0 : value)
    const plainAt = { latitude: zero(at.latitude), longitude: zero(at.longitude) }
    const aliases = values.aliases.filter((one) => foldedName(one) !== foldedName(values.name))
    return anOffice('x', { ...values, at: plainAt, aliases })
  })
const registry = fc.array(office, { minLength: 1, maxLength: 8 }).map((offices) => {
  const taken = new Set<string>()
  return offices.flatMap((one, index) => {
    const made = { ...one, id: `office-${index}` }
    const names = namesOf(made)
    if (names.some((each) => taken.has(each))) return []
    for (const each of names) taken.add(each)
    return [made]
  })
})
const deps = { geography: testGeography, may: () => ({ ok: true as const }) }

describe('offices as texts', () => {
  it('read a draft of an office as that office', () => {
    fc.assert(
      fc.property(office, (one) => {
        const read = readDraft(draftOf(one))
        expect(read).toEqual({ ok: true, values: valuesOf(one) })
      }),
      { numRuns: RUNS },
    )
  })

  it('change nothing when an export is imported again', async () => {
    await fc.assert(
      fc.asyncProperty(registry, async (offices) => {
        for (const { text } of exportParts(offices)) {
          const plan = await planImport(text, offices, deps)
          expect(plan).toMatchObject({ problems: [], adds: [], changes: [], missing: [] })
          expect(plan.same).toBe(offices.length)
        }
      }),
      { numRuns: RUNS },
    )
  })

  it('make the same offices in an empty registry', async () => {
    await fc.assert(
      fc.asyncProperty(registry, async (offices) => {
        const placed = offices.map((one) => ({ ...one, placed: true }))
        const [part] = exportParts(placed)
        const withoutIds = (part?.text ?? '').replaceAll(/office-\d+(?=,)/g, '')
        const plan = await planImport(withoutIds, [], deps)
        expect(plan.problems).toEqual([])
        expect(plan.adds.map(valuesOf)).toEqual(placed.map(valuesOf))
      }),
      { numRuns: RUNS },
    )
  })

  it('go into parts that are files of their own, and miss none', async () => {
    const offices = Array.from({ length: 300 }, (_, index) =>
      anOffice(`office-${index}`, { name: `Site ${index}`, egress: ['203.0.113.0/24'] }),
    )
    const parts = exportParts(offices)
    expect(parts.length).toBeGreaterThan(1)
    expect(parts.reduce((sum, part) => sum + part.offices, 0)).toBe(300)
    for (const part of parts) {
      const plan = await planImport(part.text, offices, deps)
      expect(plan).toMatchObject({ problems: [], adds: [], changes: [], same: part.offices })
    }
  })

  it('leave no cell that a spreadsheet runs, and give back what they held', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(guarded(text)).not.toMatch(/^[=+\-@\t\r]/)
        expect(unguarded(guarded(text))).toBe(text)
      }),
    )
  })

  it('are read whatever a file holds, or refused with a line', () => {
    const cell = fc
      .string({ unit: 'grapheme' })
      .map((text) => text.replace(/[\r\n\0\uFFFD\uFEFF]/g, ' ').trim())
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 5 }), (rows) => {
        const header = ['Name', 'Tags', 'Aliases', 'Address']
        const read = readCsv([header, ...rows].map(csvLine).join('\n'))
        expect(read.problems).toEqual([])
        const kept = rows.filter((cells) => cells.some((text) => text !== ''))
        expect(read.rows.slice(1).map(({ cells }) => cells)).toEqual(kept)
      }),
    )
    fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (text) => {
        const plan = await planImport(`Name,Latitude,Longitude,Tags\n${text}`, [], deps)
        for (const { line } of plan.problems) expect(line).toBeGreaterThan(0)
      }),
    )
  })

  it('are changed by any words without a throw', () => {
    const word = fc.oneof(
      fc.constantFrom('egress', 'tags', 'add', 'remove', 'none', 'time', 'zone'),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), office, (words, one) => {
        const { draft } = changed(draftOf(one), readChanges(words))
        expect(readDraft(draft)).toHaveProperty('ok')
      }),
    )
  })
})
