import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alertInWords, alertPlanOf } from '../../../src/commands/alerts/read-plan.ts'
import { readWords } from '../../../src/commands/words.ts'
import { ALERT_KINDS, type AlertPlan } from '../../../src/core/alert.ts'
import { isTimeZone } from '../../../src/core/zoned-day.ts'
import { aFailingWatch, anOrder, memoryAlerts } from '../../support/alert-kit.ts'
import { contextOf, press, say } from '../context.ts'

function planIn(text: string): AlertPlan | readonly string[] {
  const read = readWords(text)
  if (read.kind !== 'words') throw new Error(`${text} holds no words`)
  const planned = alertPlanOf(alertInWords(read.words, 1), 'Europe/Paris')
  return 'plan' in planned ? planned.plan : planned.problems
}

const NIGHT = { from: '22:00', to: '07:00' }

describe('alerts that are typed', () => {
  it.each([
    ['alert all', 'all', ALERT_KINDS, null, 'Europe/Paris'],
    ['Alert me', 'all', ALERT_KINDS, null, 'Europe/Paris'],
    ['alert #emea - London about everything', '#emea - London', ALERT_KINDS, null, 'Europe/Paris'],
    ['alert for Seattle about silent runners', 'Seattle', ['silent'], null, 'Europe/Paris'],
    ['alert all about egress, not-ready', 'all', ['not-ready', 'egress'], null, 'Europe/Paris'],
    ['alert all quiet 22:00-07:00 Europe/London', 'all', ALERT_KINDS, NIGHT, 'Europe/London'],
    ['alert all quiet from 22.00 to 7:00', 'all', ALERT_KINDS, NIGHT, 'Europe/Paris'],
    ['alert all about trouble quiet 22:00 – 07:00', 'all', ['trouble'], NIGHT, 'Europe/Paris'],
    ['alert all quiet none', 'all', ALERT_KINDS, null, 'Europe/Paris'],
  ])('are read: %s', (text, selector, kinds, quiet, timeZone) => {
    expect(planIn(text)).toEqual({ selector, kinds, quiet, timeZone })
  })

  it.each([
    ['alert all about weather', /no alerts about .*weather.*not-ready, silent/],
    ['alert all quiet at night', /are no hours I know.*22:00-07:00/],
    ['alert all quiet 25:00-07:00', /are no hours/],
    ['alert all quiet 22:00', /are no hours/],
    ['alert all quiet 08:00-08:00', /would be all day/],
    ['alert all quiet 22:00-07:00 Mars/Olympus', /do not know the time zone/],
    ['alert #nowhere', /No office has the tag/],
    ['alert Atlantis', /No office is called/],
  ])('come back as a form that says what is wrong: %s', async (text, problem) => {
    const said = await say(text, contextOf('operator'))
    expect(said).toMatchObject({ kind: 'form', refused: true })
    expect(said.text).toMatch(problem)
  })

  it('are a plan that can be kept, or sentences, whatever is typed', () => {
    const part = fc.oneof(
      fc.string(),
      fc.constantFrom('about', 'quiet', 'silent', '22:00-07:00', 'UTC', '#emea', 'for', 'to', 'from'),
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const read = readWords(`alert ${parts.join(' ')}`)
        if (read.kind !== 'words') return
        const planned = alertPlanOf(alertInWords(read.words, 1), 'UTC')
        if ('problems' in planned) {
          expect(planned.problems.length).toBeGreaterThan(0)
          return
        }
        const { selector, kinds, quiet, timeZone } = planned.plan
        expect(selector).not.toBe('')
        expect(kinds.length).toBeGreaterThan(0)
        if (quiet !== null) expect(`${quiet.from} ${quiet.to}`).toMatch(/^([01]\d|2[0-3]):[0-5]\d \S{5}$/)
        expect(isTimeZone(timeZone)).toBe(true)
      }),
    )
  })
})

describe('the alerts of a conversation', () => {
  it('are kept, say what fails already, and can be changed by their form and stopped', async () => {
    const context = { ...contextOf('operator'), alerts: memoryAlerts([], [aFailingWatch('seattle')]) }
    const set = await say('alert all about not-ready', context)
    expect(set.text).toMatch(/Alerts will come here/)
    expect(set.text).toMatch(/Not ready already.*Seattle \(Local DNS\)/)
    const form = await press('Change alerts', context)
    expect(form.text).toContain('Change these alerts')
    expect((await press('Stop', context)).text).toContain('The alerts are stopped')
    expect((await say('alert list', context)).text).toContain('No alerts come here')
  })

  it('are the same when they are ordered twice', async () => {
    const context = { ...contextOf('operator'), alerts: memoryAlerts([]) }
    await say('alert all', context)
    await say('alert all', context)
    expect(await context.alerts.here()).toHaveLength(1)
  })

  it('are five at most', async () => {
    const orders = ['a', 'b', 'c', 'd', 'e'].map((id) => anOrder(id, { plan: { selector: `#${id}` } }))
    const context = { ...contextOf('operator'), alerts: memoryAlerts(orders) }
    expect((await say('alert all', context)).text).toContain('There are 5 alerts here already')
  })

  it('of several need a number, and nothing is guessed', async () => {
    const context = { ...contextOf('operator'), alerts: memoryAlerts([anOrder('a1'), anOrder('a2')]) }
    expect((await say('alert stop', context)).text).toContain('Which alerts?')
    expect((await say('alert stop 7', context)).text).toContain('There are no alerts 7 here')
    expect((await say('alert stop 2', context)).text).toContain('The alerts are stopped')
    expect((await context.alerts.here()).map(({ id }) => id)).toEqual(['a1'])
  })

  it('are refused to who may not, with what it takes', async () => {
    const said = await say('alert all', contextOf('viewer'))
    expect(said.text).toMatch(/operator/)
    expect(said.refused).toBe(true)
  })
})
