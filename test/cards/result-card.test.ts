import { describe, expect, it } from 'vitest'
import { cardLines } from '../../src/cards/card-text.ts'
import { resultCard } from '../../src/cards/result-card.ts'
import { stepData } from '../../src/cards/steps.ts'
import { countingLabel, worstCriterion } from '../../src/cards/wording.ts'
import { CRITERIA } from '../../src/core/verdict.ts'
import { nodesOf } from './card-lint.ts'
import { resultOf, rulingsOf } from './golden-cases/offices.ts'

describe('result card', () => {
  it('shows a criterion that nobody ruled on as unproven', () => {
    const view = resultOf('seattle', 'X')
    const { card } = resultCard({ ...view, rulings: view.rulings.slice(1) })
    expect(cardLines(card)).toContain('local-egress unproven Nothing was judged about this.')
    expect(cardLines(card).at(-1)).toBe('readiness unproven')
  })

  it('gives row, word and sentence of every criterion their ids', () => {
    const ids = nodesOf(resultCard(resultOf('london', 'X')).card).map((node) => node['id'])
    for (const id of CRITERIA)
      expect(ids).toEqual(expect.arrayContaining([`row-${id}`, `word-${id}`, `because-${id}`]))
    expect(ids).toContain('band-not-ready')
  })

  it('shows the assessment where there is one, and whose it is like', () => {
    const view = resultOf('seattle', 'X')
    const shown = nodesOf(resultCard({ ...view, assessment: 76 }).card)
    const text = JSON.stringify(shown.find((node) => node['id'] === 'assessment'))
    expect(text).toContain('Network assessment about 76 of 100 (approximation of Microsoft’s)')
    expect(JSON.stringify(resultCard(view).card)).not.toContain('assessment')
  })

  it('says demo world for an office of a world only', () => {
    const view = resultOf('seattle', 'X')
    expect(JSON.stringify(resultCard(view).card)).toContain('demo world')
    const real = resultCard({ ...view, office: { ...view.office, world: null } })
    expect(JSON.stringify(real.card)).not.toContain('demo world')
  })
})

describe('what to do', () => {
  it('names each act once, in order, and ends with the check', () => {
    expect(stepData(rulingsOf('london')).map(({ number, act }) => `${number} ${act}`)).toEqual([
      '1 Give the office its own way out',
      '2 Resolve names in the office',
      '3 Set a target for the office',
      '4 Check again',
    ])
  })

  it('is nothing when there is nothing to do', () => {
    expect(stepData(rulingsOf('seattle'))).toEqual([])
  })
})

describe('the worst criterion', () => {
  it.each([
    ['seattle', null],
    ['london', 'local-egress'],
    ['tokyo', 'local-dns'],
    ['sydney', 'no-proxy-or-inspection'],
    ['lyon', 'local-egress'],
  ] as const)('of %s is %s', (office, want) => {
    expect(worstCriterion(rulingsOf(office))).toBe(want)
  })
})

describe('section labels', () => {
  it.each([
    [['pass', 'pass'], 'Required: 2 of 2 pass'],
    [['pass', 'fail', 'unproven', 'pass'], 'Required: 1 fail, 1 unproven, 2 pass'],
    [[], 'Required'],
  ] as const)('%j', (verdicts, want) => {
    expect(countingLabel('Required', verdicts)).toBe(want)
  })
})
