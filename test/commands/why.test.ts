import { describe, expect, it } from 'vitest'
import { answerText } from '../../src/commands/answer.ts'
import { done } from '../../src/core/failure.ts'
import type { Sampled } from '../../src/core/sampled.ts'
import { samplesOf } from '../../src/probes/samples.ts'
import { measurementOf, NOON, owedBy } from '../support/check-kit.ts'
import { pastLatest } from '../support/past.ts'
import { contextOf, OFFICES, press, say } from './context.ts'

const RTT = {
  hosts: [
    {
      target: 'outlook.office365.com',
      system: [],
      answers: [],
      timed: [{ address: '203.0.113.9', tcpMs: [4.4, 4.31], tcpFailures: [], tls: [], tlsFailures: [] }],
      source6: null,
    },
  ],
  nat64: [],
}
const measurement = measurementOf(owedBy('m1'), 'now', { outcome: done(RTT) })
const SAMPLED: readonly Sampled[] = [{ measurement, lines: samplesOf(measurement) }]
const LATEST = [pastLatest({ at: NOON, checkId: 'now', medianMs: 4.4 })]

const withSamples = (who: 'viewer' | 'member' = 'viewer', sampled: readonly Sampled[] | null = SAMPLED) =>
  contextOf(who, OFFICES, LATEST, [], sampled)

describe('why with samples', () => {
  it('is offered to a viewer, and the way back shows the ruling again in the same place', async () => {
    const context = withSamples()
    expect((await say('why Seattle network-ready', context)).kind).toBe('why')
    const samples = await press('Samples', context)
    expect([samples.kind, samples.refused]).toEqual(['samples', false])
    expect(samples.text).toContain('203.0.113.9: TCP 4.4, 4.31 ms')
    expect((await press('Back to why', context)).kind).toBe('why')
  })

  it('takes the place of the card it was pressed on, and a why from elsewhere never does', async () => {
    const inPlace = async (text: string, kept: string | null = null) => {
      const { answer } = await answerText(text, withSamples(), { kept })
      return answer.kind === 'card' && answer.inPlace === true
    }
    expect(await inPlace('why Seattle network-ready')).toBe(false)
    expect(await inPlace('why office Seattle network-ready samples')).toBe(true)
    expect(await inPlace('why office Seattle network-ready', 'back')).toBe(true)
  })

  it.each([
    'why Seattle network-ready samples',
    'why office Seattle Network ready samples',
    'WHY seattle network-ready SAMPLES',
  ])('is there for who types %s', async (text) => {
    expect((await say(text, withSamples())).kind).toBe('samples')
  })

  it('is not offered where no finding is, and says so to who types it', async () => {
    const context = withSamples()
    expect((await say('why Seattle local-dns', context)).buttons.has('Samples')).toBe(false)
    expect((await say('why Seattle local-dns samples', context)).text).toContain('rests on no measurement')
  })

  it('says that samples are not kept any more', async () => {
    const { text } = await say('why Seattle network-ready samples', withSamples('viewer', null))
    expect(text).toContain('not kept any more')
  })

  it('suggests an office with the samples that were asked for', async () => {
    const { buttons } = await say('why Seatle network-ready samples', withSamples())
    expect(buttons.get('Why Seattle')).toBe('why office Seattle network-ready samples')
  })

  it('refuses who may not look, and an office that was never checked', async () => {
    expect((await say('why Seattle network-ready samples', withSamples('member'))).refused).toBe(true)
    expect((await say('why London network-ready samples', withSamples())).text).toContain('never checked')
  })
})
