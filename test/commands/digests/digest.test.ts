import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type PlanSaid, planOf, saidInWords } from '../../../src/commands/digests/read-plan.ts'
import { readWords } from '../../../src/commands/words.ts'
import type { DigestPlan } from '../../../src/core/digest.ts'
import { isTimeZone } from '../../../src/core/zoned-day.ts'
import { ANA } from '../../support/check-kit.ts'
import { aSchedule, memoryDigests } from '../../support/digest-kit.ts'
import { contextOf, press, say } from '../context.ts'

function planIn(text: string): DigestPlan | readonly string[] {
  const read = readWords(text)
  if (read.kind !== 'words') throw new Error(`${text} holds no words`)
  const planned = planOf(saidInWords(read.words, 1), 'Europe/Paris')
  return 'plan' in planned ? planned.plan : planned.problems
}

describe('a digest that is typed', () => {
  it.each([
    ['digest daily 08:00 Europe/London', 'all', '1234567', '08:00', 'Europe/London', 'changes'],
    ['Digest Daily at 8:00', 'all', '1234567', '08:00', 'Europe/Paris', 'changes'],
    ['digest weekdays 07:30 Europe/Paris for #emea full', '#emea', '12345', '07:30', 'Europe/Paris', 'full'],
    ['digest mon, Thursdays and SUN 17.30 utc', 'all', '147', '17:30', 'UTC', 'changes'],
    ['digest every day 23:59 full', 'all', '1234567', '23:59', 'Europe/Paris', 'full'],
    [
      'digest weekends 9:05 for London + #emea - Zürich only changes',
      'London + #emea - Zürich',
      '67',
      '09:05',
      'Europe/Paris',
      'changes',
    ],
    ['digest 08:00 daily europe/london', 'all', '1234567', '08:00', 'Europe/London', 'changes'],
  ])('is read: %s', (text, selector, days, time, timeZone, mode) => {
    expect(planIn(text)).toEqual({ selector, days: [...days].map(Number), time, timeZone, mode })
  })

  it.each([
    ['digest daily 25:00', /is no time of day.*08:00/],
    ['digest daily 24:00', /is no time of day/],
    ['digest daily 08:60', /is no time of day/],
    ['digest daily 8', /is no time of day/],
    ['digest daily', /Say at what time/],
    ['digest 08:00', /Say on which days/],
    ['digest 31 February 08:00', /february.* daily, weekdays, or names/],
    ['digest daily 08:00 Mars/Olympus', /do not know the time zone .*Mars\/Olympus.*Europe\/London/],
    ['digest daily 08:00 London', /do not know .*london.*full name/],
    ['digest mo 08:00', /do not know .*mo/],
    ['digest daily 08:00 for #nowhere', /No office has the tag/],
    ['digest daily 08:00 for Atlantis', /No office is called/],
    ['digest daily 08:00 for #emea +', /A plus or a minus/],
  ])('comes back as the form with what to write instead: %s', async (text, says) => {
    const said = await say(text, contextOf('operator'))
    expect(said).toMatchObject({ kind: 'form', refused: true })
    expect(said.text.replaceAll(/[\u2068\u2069]/g, '')).toMatch(says)
  })

  it('is never anything but a plan or sentences, whatever is said', () => {
    const part = fc.oneof(
      fc.string(),
      fc.constantFrom('daily', '08:00', 'Europe/London', '__proto__', 'constructor'),
    )
    const said = fc.record<PlanSaid>({ which: part, days: part, time: part, zone: part, mode: part })
    fc.assert(
      fc.property(said, (some) => {
        const read = planOf(some, 'UTC')
        if ('problems' in read) return read.problems.length > 0
        const { days, time, timeZone } = read.plan
        return days.length > 0 && /^\d\d:\d\d$/.test(time) && isTimeZone(timeZone)
      }),
    )
  })
})

describe('digest', () => {
  it('alone is a form, which schedules what it holds and keeps what was wrong', async () => {
    const context = { ...contextOf('operator'), digests: memoryDigests([]), timeZone: 'Europe/Paris' }
    const form = await say('digest', context)
    expect(form).toMatchObject({ kind: 'form', refused: false })
    const inputs = { which: '#emea', days: 'daily', time: '8 o’clock', zone: 'Europe/Paris', mode: 'full' }
    const wrong = await press('Schedule', context, inputs)
    expect(wrong.text).toMatch(/is no time of day/)
    expect(await context.digests.here()).toEqual([])
    const done = await press('Schedule', context, { ...inputs, time: '08:00' })
    expect(done.text).toContain('A digest will come here')
    expect((await context.digests.here())[0]?.schedule.plan).toEqual({
      selector: '#emea',
      days: [1, 2, 3, 4, 5, 6, 7],
      time: '08:00',
      timeZone: 'Europe/Paris',
      mode: 'full',
    })
  })

  it('is changed by its button, and stopped by its number or its button', async () => {
    const context = contextOf('operator')
    await say('digest list', context)
    await press('Change schedule', context)
    await press('Change', context, {
      which: 'London',
      days: 'mon',
      time: '09:00',
      zone: 'UTC',
      mode: 'changes',
    })
    expect((await say('digest list', context)).text).toMatch(/Monday at 09:00, UTC, of .*London/)
    expect((await press('Stop', context)).text).toContain('is stopped')
    expect(await press('Stop', context)).toMatchObject({ refused: true })
    expect((await say('digest stop', context)).text).toContain('No digest comes here')
  })

  it('leaves the next one out when it is snoozed, and no more', async () => {
    const context = contextOf('operator')
    const [before] = await context.digests.here()
    await say('digest now', context)
    expect((await press('Snooze', context)).text).toContain('The next digest is left out')
    const [after] = await context.digests.here()
    expect((after?.nextAt ?? 0) - (before?.nextAt ?? 0)).toBe(24 * 3_600_000)
    expect(after?.schedule).toEqual(before?.schedule)
    await say('digest stop', context)
    expect((await say('digest snooze', context)).text).toContain('No digest comes here')
  })

  it('of several asks which, and never guesses', async () => {
    const context = { ...contextOf('operator'), digests: memoryDigests([aSchedule('d1'), aSchedule('d2')]) }
    expect((await say('digest stop', context)).text).toContain('Which digest?')
    expect((await say('digest stop 3', context)).text).toContain('There is no digest 3 here')
    expect((await say('digest stop 2', context)).text).toContain('is stopped')
    expect((await context.digests.here()).map(({ schedule }) => schedule.id)).toEqual(['d1'])
    expect((await say('digest stop two', context)).text).toContain('a number of digest list')
  })

  it('said twice is one, and five are enough', async () => {
    const context = { ...contextOf('operator'), digests: memoryDigests([]) }
    await say('digest daily 08:00 Europe/London', context)
    await say('digest daily 08:00 Europe/London', context)
    expect(await context.digests.here()).toHaveLength(1)
    for (const time of ['09:00', '10:00', '11:00', '12:00']) await say(`digest daily ${time}`, context)
    expect(await say('digest daily 13:00', context)).toMatchObject({ refused: true })
    expect(await context.digests.here()).toHaveLength(5)
  })

  it('now tells of the latest checks, and of nothing that the person may not see', async () => {
    const emea = {
      grants: [{ objectId: ANA.objectId, role: 'operator' as const, tag: 'emea' }],
      everyone: 'member' as const,
    }
    const said = await say('digest now', contextOf(emea))
    expect(said).toMatchObject({ kind: 'digest', refused: false })
    expect(said.text).toContain('London')
    expect(said.text).not.toMatch(/Seattle|San José/)
    expect(await say('digest daily 08:00 for Seattle', contextOf(emea))).toMatchObject({
      kind: 'refusal',
      refused: true,
    })
  })
})
