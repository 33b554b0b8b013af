import { describe, expect, it } from 'vitest'
import type { Evidence } from '../../src/core/evidence.ts'
import type { Finding } from '../../src/core/finding.ts'
import type { Ruling } from '../../src/core/ruling.ts'
import { CRITERIA } from '../../src/core/verdict.ts'
import { CASES } from './cases.ts'
import { wrongs } from './compare.ts'
import { standsOnEnough } from './enough.ts'
import { caseNames, readFindings, readRecording, readTruth } from './files.ts'
import { evidenceIn, evidenceOf, type Recording, rulingsOf } from './recording.ts'

const verdictsOf = (rulings: readonly Ruling[]): Record<string, string> =>
  Object.fromEntries(rulings.map(({ criterion, verdict }) => [criterion, verdict]))

/** The criteria that pass and did not before. */
const improved = (before: readonly Ruling[], after: readonly Ruling[]): readonly string[] => {
  const [was, is] = [verdictsOf(before), verdictsOf(after)]
  return CRITERIA.filter((id) => is[id] === 'pass' && was[id] !== 'pass')
}

/** How many findings answer each owed question whose measurement is there. */
const answersOf = ({ questions, findings }: Evidence, { measurements }: Recording): readonly number[] =>
  questions
    .filter((owed) => measurements.some(({ measurementId }) => measurementId === owed.measurementId))
    .map(
      (owed) =>
        findings.filter(
          (finding) => finding.measurementId === owed.measurementId && finding.question === owed.question,
        ).length,
    )

describe('the fixtures', () => {
  it('are the named situations, each whole', () => {
    expect(caseNames().toSorted()).toEqual(Object.keys(CASES).toSorted())
    expect(caseNames().length).toBeGreaterThanOrEqual(45)
    for (const name of caseNames()) expect(Object.keys(readTruth(name) ?? {}), name).toEqual([...CRITERIA])
  })
})

describe.each(caseNames())('%s', (name) => {
  const recording = readRecording(name)
  const evidence = evidenceOf(recording)
  const stated = readFindings(name)
  const rulings = rulingsOf(evidence, stated)

  it('leads from its measurements to its findings', () => {
    expect(evidence.findings).toEqual(stated)
  })

  it('leads from its findings to what is true', () => {
    expect(wrongs(rulings, readTruth(name) ?? {})).toEqual([])
  })

  it('is judged the same twice', () => {
    expect(rulingsOf(evidenceOf(recording), readFindings(name))).toEqual(rulings)
  })

  it('answers every owed question once', () => {
    expect(answersOf(evidence, recording)).toEqual(answersOf(evidence, recording).map(() => 1))
  })

  it('rests on measurements that are in the folder', () => {
    const there = new Set(recording.measurements.map(({ measurementId }) => measurementId))
    const cited = rulings.flatMap(({ findings }) => findings.map(({ measurementId }) => measurementId))
    expect(cited.filter((id) => !there.has(id))).toEqual([])
  })

  it('fails only by two signals or by one that cannot lie', () => {
    expect(rulings.filter((ruling) => !standsOnEnough(ruling))).toEqual([])
  })

  it('never passes for want of a measurement', () => {
    const evidenceFrom = evidenceIn(recording.setting)
    for (const one of recording.measurements) {
      const less = evidenceFrom(recording.measurements.filter((other) => other !== one))
      expect(improved(rulings, rulingsOf(less, less.findings)), one.probe).toEqual([])
    }
  })

  it('never passes for want of a finding', () => {
    for (const [index, { question }] of stated.entries()) {
      const less: readonly Finding[] = stated.filter((_, at) => at !== index)
      expect(improved(rulings, rulingsOf(evidence, less)), question).toEqual([])
    }
  })
})
