import { describe, expect, it } from 'vitest'
import { stepData } from '../../src/cards/steps.ts'
import type { Ruling } from '../../src/core/ruling.ts'

const ruling = (
  criterion: Ruling['criterion'],
  verdict: Ruling['verdict'],
  remedy?: Ruling['remedy'],
): Ruling => ({
  criterion,
  level: 'required',
  verdict,
  because: 'Measured.',
  signals: [],
  findings: [],
  ...(remedy === undefined ? {} : { remedy }),
})

const CAUSE = { order: 1, act: 'Give the office its own way out', how: 'Locally.' }
const CONSEQUENCE = { order: 3, act: 'Shorten the way', how: 'Somehow.', mendedBy: ['local-egress'] } as const

describe('what to do', () => {
  it('does not name a consequence while its cause fails', () => {
    const steps = stepData([
      ruling('local-egress', 'fail', CAUSE),
      ruling('network-ready', 'unproven', CONSEQUENCE),
    ])
    expect(steps.map(({ act }) => act)).toEqual([CAUSE.act, 'Check again'])
  })

  it('names it when nothing else would mend it', () => {
    const steps = stepData([ruling('local-egress', 'pass'), ruling('network-ready', 'unproven', CONSEQUENCE)])
    expect(steps.map(({ act }) => act)).toEqual([CONSEQUENCE.act, 'Check again'])
  })

  it('names one act once, and nothing at all when all is well', () => {
    const twice = [ruling('local-egress', 'fail', CAUSE), ruling('local-dns', 'fail', CAUSE)]
    expect(stepData(twice).map(({ act }) => act)).toEqual([CAUSE.act, 'Check again'])
    expect(stepData([ruling('local-egress', 'pass')])).toEqual([])
  })
})
