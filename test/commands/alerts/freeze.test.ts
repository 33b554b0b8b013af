import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readWhen } from '../../../src/commands/freezes/when.ts'
import { contextOf, press, say } from '../context.ts'

/** Thursday 26 November 2026, 15:30 in Los Angeles. */
const NOW = Date.UTC(2026, 10, 26, 23, 30)
const HERE = { now: NOW, timeZone: 'America/Los_Angeles' }
const at = (day: number, hour: number, minute = 0) => Date.UTC(2026, 10, day, hour + 8, minute)

describe('until when', () => {
  it.each([
    ['Friday 18:00', at(27, 18)],
    ['fri at 18.00', at(27, 18)],
    ['18:00 on Friday', at(27, 18)],
    ['today 18:00', at(26, 18)],
    ['thursday 18:00', at(26, 18)],
    ['tomorrow 08:00', at(27, 8)],
    ['18:00', at(26, 18)],
    ['9:00', at(27, 9)],
    ['2026-12-01', at(32, 0) - 1],
    ['2026-12-01 06:15', at(31, 6, 15)],
    ['Sunday', at(30, 0) - 1],
    ['4h', NOW + 4 * 3_600_000],
    ['2 days', NOW + 48 * 3_600_000],
    ['for 4 hours', null],
  ])('is read on the clocks of the office: %s', (text, expected) => {
    const read = readWhen(text, HERE)
    if (expected === null) expect(read).toHaveProperty('problem')
    else expect(read).toBe(expected)
  })

  it.each([
    ['', /Say until when/],
    ['soon', /is no time I know/],
    ['31 February', /is no time I know/],
    ['2026-02-31', /is no time I know/],
    ['Friday 25:00', /is no time I know/],
    ['Friday Sunday', /is no time I know/],
    ['yesterday', /is no time I know/],
    ['today 08:00', /is over/],
    ['2026-11-01', /is over/],
    ['2027-06-01', /too far away.*31 days/],
    ['999 days', /too far away/],
  ])('is told what is wrong: %s', (text, problem) => {
    expect(readWhen(text, HERE)).toMatchObject({ problem: expect.stringMatching(problem) })
  })

  it('falls on no hour that the clocks leave out', () => {
    // In London the clocks go from 01:00 to 02:00 on 28 March 2027.
    const before = { now: Date.UTC(2027, 2, 27, 12), timeZone: 'Europe/London' }
    expect(readWhen('tomorrow 01:30', before)).toBe(Date.UTC(2027, 2, 28, 1, 30))
    const autumn = { now: Date.UTC(2026, 9, 24, 12), timeZone: 'Europe/London' }
    expect(readWhen('tomorrow 01:30', autumn)).toBe(Date.UTC(2026, 9, 25, 0, 30))
  })

  it('is a time to come within a month, or a sentence, whatever is typed', () => {
    const part = fc.oneof(
      fc.string(),
      fc.constantFrom('fri', '18:00', 'tomorrow', '2026-12-01', '4', 'h', 'at'),
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
        const read = readWhen(parts.join(' '), HERE)
        if (typeof read === 'object') {
          expect(read.problem).not.toBe('')
          return
        }
        expect(read).toBeGreaterThan(NOW)
        expect(read).toBeLessThanOrEqual(NOW + 31 * 24 * 3_600_000)
      }),
    )
  })
})

describe('a freeze', () => {
  it('says until when, why and by whom, is listed, and can be taken back', async () => {
    const context = contextOf('operator')
    const said = await say('freeze Seattle until 2 days because the carrier moves the line', context)
    expect(said.text).toMatch(/Seattle is frozen/)
    expect(said.text).toMatch(/the carrier moves the line/)
    expect((await say('freeze list', context)).text).toMatch(
      /Seattle.*Until .*by Ana Diaz: the carrier moves/,
    )
    expect((await say('status Seattle', context)).text).toMatch(/frozen by Ana Diaz until/i)
    expect((await press('Unfreeze', context)).text).toContain('Seattle is no longer frozen')
    expect((await say('freeze list', context)).text).toContain('Nothing is frozen')
    expect((await say('unfreeze Seattle', context)).text).toContain('Seattle is not frozen')
  })

  it.each([
    ['freeze', /Freeze an office/],
    ['freeze Seattle', /Freeze an office/],
    ['freeze Seattle until Friday 18:00', /Say why/],
    ['freeze Seattle because we move', /Say until when/],
  ])('asks in a form for what is missing: %s', async (text, asked) => {
    const said = await say(text, contextOf('operator'))
    expect(said.kind).toBe('form')
    expect(said.text).toMatch(asked)
  })

  it('is refused to who may not, and for an office that nobody goes by', async () => {
    expect((await say('freeze Seattle until 4 h because x', contextOf('viewer'))).refused).toBe(true)
    expect((await say('freeze Atlantis until 4 h because x', contextOf('operator'))).refused).toBe(true)
    expect((await say('unfreeze', contextOf('operator'))).text).toMatch(/freeze list/)
  })
})
