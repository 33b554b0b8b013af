import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readSentence } from '../../src/commands/limits/sentence.ts'
import { readWords } from '../../src/commands/words.ts'
import { endOfDay } from '../../src/core/zoned-day.ts'
import { ANA, anOffice, NOON } from '../support/check-kit.ts'
import type { MemoryRegistry } from '../support/registry-kit.ts'
import { contextOf, OFFICES, press, say, type TestContext } from './context.ts'

const stored = (context: TestContext, id = 'seattle') =>
  (context.registry as MemoryRegistry).all().find((office) => office.id === id)
const BECAUSE = 'until 2027-06-01 because its line ends in Portland'

describe('limit', () => {
  it('sets a limit with author, reason and end, and takes it back', async () => {
    const context = contextOf('admin')
    const said = await say(`limit Seattle local-egress 300 km ${BECAUSE}`, context)
    expect(said).toMatchObject({ kind: 'form', refused: false })
    expect(said.text).toContain('Local egress of Seattle: 300 km')
    expect(stored(context)?.overrides).toEqual([
      {
        criterion: 'local-egress',
        value: 300,
        author: ANA.name,
        authorId: ANA.objectId,
        reason: 'its line ends in Portland',
        setAt: NOON,
        expiresAt: endOfDay('2027-06-01', 'America/Los_Angeles'),
      },
    ])
    expect((await say('limit list', context)).text).toContain(
      'Local egress 300 km until 1 Jun 2027, by Ana Diaz',
    )
    expect((await press('Take it back', context)).text).toContain('is Microsoft’s again')
    expect(stored(context)?.overrides).toEqual([])
    expect((await say('limit list', context)).text).toContain('No limits are set')
  })

  it.each([
    ['limit Seattle Local egress 300', 300],
    ['limit office Seattle local dns 250 km', 250],
    ['limit Head office no-hairpin 20 ms', 20],
    ['LIMIT seattle NETWORK-READY 40ms', 40],
  ])('takes %s', async (typed, value) => {
    const context = contextOf('admin')
    expect((await say(`${typed} ${BECAUSE}`, context)).refused).toBe(false)
    expect(stored(context)?.overrides.map((entry) => entry.value)).toEqual([value])
  })

  it.each([
    [`limit Seattle local-egress 300 miles ${BECAUSE}`, 'This limit is in km, not in miles'],
    [`limit Seattle local-egress 20 ms ${BECAUSE}`, 'This limit is in km, not in ms'],
    [`limit Seattle local-egress -5 km ${BECAUSE}`, 'is no limit I know'],
    [`limit Seattle local-egress 0 km ${BECAUSE}`, 'above 0'],
    [`limit Seattle local-egress 30000 km ${BECAUSE}`, 'at most 20000 km'],
    [`limit Seattle tcp-tuned 3 ${BECAUSE}`, 'TCP tuned has no limit in numbers'],
    [`limit Seattle 300 km ${BECAUSE}`, 'No office is called'],
    ['limit Seattle local-egress 300 km until 2026-11-19 because so', '2026-11-19 is over'],
    ['limit Seattle local-egress 300 km until 2027-02-30 because so', 'is no day I know'],
    ['limit Seattle local-egress 300 km until June because so', 'is no day I know'],
    ['limit Seattle local-egress 300 km until 2031-01-01 because so', 'more than two years away'],
    ['limit Seattle local-egress 300 km because so', 'Say until when'],
    ['limit Seattle local-egress 300 km until 2027-06-01', 'Say why'],
    [`limit Seatle local-egress 300 km ${BECAUSE}`, 'No office is called'],
  ])('answers %s with a sentence', async (typed, says) => {
    const context = contextOf('admin')
    const said = await say(typed, context)
    expect(said.refused).toBe(true)
    expect(said.text).toContain(says)
    expect((context.registry as MemoryRegistry).all()).toEqual(OFFICES)
  })

  it('is set by its form, which comes back with what was wrong', async () => {
    const context = contextOf('admin')
    expect((await say('limit', context)).refused).toBe(false)
    const inputs = {
      office: 'Seattle',
      criterion: 'local-dns',
      value: '300',
      until: '2020-01-01',
      reason: 'x',
    }
    expect((await press('Set limit', context, inputs)).text).toContain('is over')
    expect((await press('Set limit', context, { ...inputs, until: '2027-01-01' })).text).toContain('300 km')
    expect(stored(context)?.overrides).toHaveLength(1)
  })

  it('keeps what another admin set at the same moment', async () => {
    const context = contextOf('admin')
    await Promise.all([
      say(`limit Seattle local-egress 300 km ${BECAUSE}`, context),
      say(`limit Seattle local-dns 400 km ${BECAUSE}`, context),
    ])
    expect(
      stored(context)
        ?.overrides.map(({ criterion }) => criterion)
        .toSorted(),
    ).toEqual(['local-dns', 'local-egress'])
  })
})

describe('attest', () => {
  it('vouches until a day, with name, id and reason, and takes it back', async () => {
    const context = contextOf('admin')
    const said = await say(`attest Seattle tcp-tuned ${BECAUSE}`, context)
    expect(said.text).toContain('TCP tuned of Seattle is vouched for')
    expect(stored(context)?.attestations).toEqual([
      {
        criterion: 'tcp-tuned',
        by: ANA.name,
        byId: ANA.objectId,
        reason: 'its line ends in Portland',
        setAt: NOON,
        until: endOfDay('2027-06-01', 'America/Los_Angeles'),
      },
    ])
    expect((await press('Take it back', context)).text).toContain('not vouched for any more')
    expect(stored(context)?.attestations).toEqual([])
  })

  it.each([
    [`attest Seattle local-dns ${BECAUSE}`, 'Local DNS is measured, so nobody can vouch for it'],
    ['attest Seattle tcp-tuned until 2028-01-01 because so', 'more than a year away'],
    ['attest Seattle tcp-tuned until 2026-01-01 because so', 'is over'],
    ['attest Seattle tcp-tuned until 2027-01-01', 'Say why'],
    [`attest Seattle tcp-tuned 300 km ${BECAUSE}`, 'I do not know what 300 km means here'],
  ])('answers %s with a sentence', async (typed, says) => {
    const context = contextOf('admin')
    const said = await say(typed, context)
    expect(said.refused).toBe(true)
    expect(said.text).toContain(says)
    expect((context.registry as MemoryRegistry).all()).toEqual(OFFICES)
  })

  it('is filled in by its form', async () => {
    const context = contextOf('admin', [anOffice('seattle')])
    expect((await say('attest Seattle network-plan', context)).kind).toBe('form')
    const inputs = { office: 'Seattle', criterion: 'network-plan', until: '2027-11-20', reason: 'planned' }
    expect((await press('Vouch', context, inputs)).refused).toBe(false)
    expect(stored(context)?.attestations.map(({ criterion }) => criterion)).toEqual(['network-plan'])
  })

  it.each(['limit', 'attest'])('%s is for admins', async (verb) => {
    expect((await say(`${verb} Seattle`, contextOf('operator'))).text).toContain('takes an admin')
  })
})

describe('the sentence of a limit', () => {
  it('is read in parts whatever it says', () => {
    const word = fc.constantFrom(
      'Seattle',
      'until',
      'because',
      'local-dns',
      'local',
      'dns',
      '300',
      'km',
      'off',
      'x',
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 20 }), (words) => {
        const read = readWords(words.join(' '))
        if (read.kind !== 'words') return
        const said = readSentence(read.words, 0)
        for (const part of Object.values(said)) expect(` ${words.join(' ')} local-dns `).toContain(part)
      }),
    )
  })

  it('ends a day as the clocks of the office show it, also where they change', () => {
    for (const zone of [
      'UTC',
      'Europe/London',
      'America/Los_Angeles',
      'Asia/Kolkata',
      'Pacific/Apia',
      'America/Sao_Paulo',
    ]) {
      for (const date of ['2026-03-28', '2026-03-29', '2026-10-25', '2027-06-01', '2028-02-29']) {
        const end = endOfDay(date, zone) ?? 0
        const day = (at: number) =>
          new Intl.DateTimeFormat('en-CA', {
            timeZone: zone,
            year: 'numeric',
            month: '2-digit',
            day: '2-digit',
          }).format(at)
        expect(day(end)).toBe(date)
        expect(day(end + 1)).not.toBe(date)
      }
    }
    expect(endOfDay('2027-02-30', 'UTC')).toBeNull()
  })
})
