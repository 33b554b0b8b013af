import { describe, expect, it } from 'vitest'
import { answerText } from '../../src/commands/answer.ts'
import { evidenceAgain } from '../../src/hub/evidence-again.ts'
import { readEvidenceFile } from '../../src/store/evidence-file.ts'
import { NOON } from '../support/check-kit.ts'
import { pastLatest } from '../support/past.ts'
import { storedEvidence } from '../support/stored-evidence.ts'
import { contextOf, OFFICES, press, say, type TestContext } from './context.ts'

const STORED = storedEvidence('optimize-only-breakout')
const SEATTLE = pastLatest({ at: NOON, officeId: 'seattle' })

/** A viewer of offices of which Seattle's last check is kept. */
function viewer(over: Partial<TestContext> = {}, stored = STORED): TestContext {
  return {
    ...contextOf('viewer', OFFICES, [SEATTLE]),
    evidence: evidenceAgain(
      { evidenceOf: async (officeId) => (officeId === 'seattle' ? stored : null) },
      async () => '0.1.0',
    ),
    ...over,
  }
}

describe('evidence', () => {
  it('gives the latest check as a text that is read again', async () => {
    const { answer } = await answerText('evidence Seattle', viewer())
    const card = answer.kind === 'card' ? JSON.stringify(answer.card) : ''
    expect(card.length).toBeLessThan(24 * 1024)
    const text = /doorstep-evidence:[A-Za-z0-9+/=]+/.exec(card)?.[0] ?? ''
    expect(readEvidenceFile(text)).toMatchObject({
      ok: true,
      file: { doorstep: '0.1.0', readiness: 'ready' },
    })
  })

  it('gives a long one in parts that follow each other', async () => {
    const noise = Array.from({ length: 900 }, (_, at) => Math.sin(at).toString(36))
    const big = { ...STORED, evidence: { ...STORED.evidence, runnerNames: { noise: noise.join() } } }
    const context = viewer({}, big)
    const first = await say('evidence Seattle', context)
    expect(first.text).toContain('part 1 of 2')
    const second = await press('Next part', context)
    expect(second.text).toContain('part 2 of 2')
  })

  it('says how many parts there are where another is asked for', async () => {
    const context = viewer()
    const said = await say('evidence Seattle part 2', context)
    expect(said.text).toContain('The evidence of Seattle has 1 part')
    expect(context.offered.get('First part')).toBe('evidence Seattle')
  })

  it('is for personal chats', async () => {
    const said = await say('evidence Seattle', viewer({ conversationKind: 'channel' }))
    expect(said.text).toContain('I give evidence in a personal chat only')
  })

  it('says that none is kept, and offers a check', async () => {
    const context = viewer()
    const said = await say('evidence London', context)
    expect(said.text).toContain('No evidence of')
    expect(context.offered.get('Check London')).toBe('check office London')
  })
})

describe('what-if', () => {
  it('shows the verdict that another limit would give, and changes nothing', async () => {
    const context = viewer()
    const said = await say('what-if Seattle no-hairpin 1 ms', context)
    expect(said.text).toMatch(/✓ pass → . (unproven|fail)/)
    expect(said.text).toContain('nothing was probed or changed')
    expect(STORED.evidence.office.overrides).toEqual([])
  })

  it('says that the verdict stays as it is', async () => {
    const said = await say('what if Seattle no-hairpin 900 ms', viewer())
    expect(said.text).toContain('✓ pass as before')
    expect(said.text).toContain('The office would be ready, as it is.')
  })

  it.each([
    ['what-if Seattle', 'Name one of the limits that there are'],
    ['what-if Seattle local-egress far', 'km'],
    ['what-if', 'Say for example: what-if Seattle local-egress 300 km'],
  ])('says of “%s” what is missing', async (text, part) => {
    expect((await say(text, viewer())).text).toContain(part)
  })
})
