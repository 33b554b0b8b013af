import { describe, expect, it } from 'vitest'
import { cardLines } from '../../src/cards/card-text.ts'
import { CARD_BYTES_MAX, cardBytes } from '../../src/cards/render-card.ts'
import { type SamplesView, samplesCard } from '../../src/cards/samples-card.ts'
import { failed } from '../../src/core/failure.ts'
import type { Finding } from '../../src/core/finding.ts'
import type { Sampled, SampleLine } from '../../src/core/sampled.ts'
import { measurementOf, NOON, owedBy } from '../support/check-kit.ts'

const line = (index: number, text: string): SampleLine => ({
  of: { theirs: `host-${index}.example` },
  about: `host-${index}.example`,
  says: [`${text} `, { theirs: 'x'.repeat(60) }],
})
const many = (count: number, text: string) => Array.from({ length: count }, (_, index) => line(index, text))

function finding(measurementId: string, question = 'host'): Finding {
  const args = { question, failure: 'timeout' } as const
  return { code: 'unmeasured', question, runnerId: 'seattle-1', measurementId, args }
}

function sampled(measurementId: string, lines: Sampled['lines'], startedAt = NOON): Sampled {
  return { measurement: measurementOf(owedBy(measurementId), 'c1', { startedAt }), lines }
}

function linesOf(view: Partial<SamplesView>): readonly string[] {
  const { card } = samplesCard({
    office: { name: 'Seattle', world: null },
    criterion: 'local-dns',
    verdict: 'fail',
    findings: [finding('m1')],
    sampled: [sampled('m1', many(2, 'one'))],
    runnerNames: { 'seattle-1': 'the one upstairs' },
    judgedAt: NOON,
    timeZone: 'Asia/Tokyo',
    checkId: '4Q7T-9D',
    ...view,
  })
  expect(cardBytes(card)).toBeLessThanOrEqual(CARD_BYTES_MAX)
  return cardLines(card)
}

/** How many lines a measurement shows, and how many it says are hidden. */
function countOf(lines: readonly string[], text: string): number {
  return lines.filter((said) => said.includes(`: ${text} `)).length
}

describe('the samples card', () => {
  it('names probe, runner, time in the reader’s zone, versions and the outcome of every measurement', () => {
    const lines = linesOf({})
    expect(lines).toContain('Round trip by the one upstairs result')
    expect(lines).toContain('20 Nov 2026 21:00:00 · took 10 ms · probe version 1 · runner 0.1.0 · 1 finding')
    expect(lines).toContain('Judged 20 Nov 21:00, Tokyo time')
  })

  it('shows only measurements that a finding rests on', () => {
    const lines = linesOf({ sampled: [sampled('m1', many(1, 'mine')), sampled('m2', many(1, 'other'))] })
    expect([countOf(lines, 'mine'), countOf(lines, 'other')]).toEqual([1, 0])
  })

  it('says the failure word, what it means, and what the runner said', () => {
    const measurement = measurementOf(owedBy('m1'), 'c1', { outcome: failed('refused', 'port 3478') })
    const lines = linesOf({ sampled: [{ measurement, lines: [] }] })
    expect(lines).toContain('Round trip by the one upstairs refused')
    expect(lines).toContain('Failure: the connection was refused')
    expect(lines).toContain('Detail: port 3478')
  })

  it('cuts a long measurement and not the short one beside it, and counts what it hides', () => {
    const lines = linesOf({
      findings: [finding('m1'), finding('m2')],
      sampled: [sampled('m1', many(200, 'long')), sampled('m2', many(5, 'short'))],
    })
    const shown = countOf(lines, 'long')
    expect(shown).toBeGreaterThan(30)
    expect(countOf(lines, 'short')).toBe(5)
    expect(lines).toContain(`+${200 - shown} more lines not shown`)
  })

  it('counts measurements beyond the eighth', () => {
    const ids = Array.from({ length: 11 }, (_, index) => `m${index}`)
    const lines = linesOf({
      findings: ids.map((id) => finding(id)),
      sampled: ids.map((id) => sampled(id, many(40, id))),
    })
    expect(lines).toContain('11 findings rest on 11 measurements.')
    expect(lines).toContain('+3 more')
  })

  it('puts first what a finding is loud about', () => {
    const lines = linesOf({
      findings: [finding('m1', 'rtt:host-150.example')],
      sampled: [sampled('m1', many(200, 'long'))],
    })
    expect(lines.find((said) => said.includes(': long'))).toContain('host-150.example')
  })

  it.each([
    ['the check is not kept', { sampled: null }, /are not kept any more\. Check again/],
    ['one measurement is not kept', { findings: [finding('m1'), finding('m2')] }, /Only 1 can be read/],
    ['none is kept', { sampled: [] }, /None of them can be read/],
    ['there was none', { findings: [] }, /rests on no measurement/],
    ['a result is empty', { sampled: [sampled('m1', [])] }, /it holds no sample/],
    ['another version stored it', { sampled: [sampled('m1', null)] }, /stored by another version/],
  ])('says so when %s', (_name, view: Partial<SamplesView>, says) => {
    expect(linesOf(view).join('\n')).toMatch(says)
  })
})
