import { describe, expect, it } from 'vitest'
import { CANCEL_COMMAND } from '../../src/commands/cancel.ts'
import type { ChecksHere, CheckUnderWay } from '../../src/commands/checks-here.ts'
import type { Authority } from '../../src/core/authority.ts'
import type { Latest } from '../../src/core/latest.ts'
import type { Readiness } from '../../src/core/verdict.ts'
import { ANA, BO, NOON } from '../support/check-kit.ts'
import { ask, EMEA, TWELVE } from './ask-checks.ts'

describe('recheck', () => {
  const judged = (officeId: string, readiness: Readiness, at = NOON): Latest => ({
    officeId,
    checkId: 'c1',
    at,
    readiness,
    verdicts: '',
    criteria: [],
    since: at,
    rulings: [],
    listVersion: '',
    runners: [],
    egress: [],
    chains: [],
    reach: { answered: [], failed: [] },
  })
  const last: ChecksHere['last'] = async () => ({
    id: 'c1',
    officeIds: ['office-1', 'office-2', 'office-3'],
    at: NOON - 10,
  })

  it('checks what failed, was unproven, or was never judged in the last check here', async () => {
    const latest = [
      judged('office-1', 'ready'),
      judged('office-2', 'unproven'),
      judged('office-4', 'not-ready'),
    ]
    const { answer } = await ask('recheck', { latest, checks: { last } })
    expect(answer).toEqual({ kind: 'check', officeIds: ['office-2', 'office-3'] })
  })

  it('does not take an older verdict for one of a check that was stopped', async () => {
    const latest = ['office-1', 'office-2', 'office-3'].map((id) => judged(id, 'ready', NOON - 1_000))
    const { answer } = await ask('recheck', { latest, checks: { last } })
    expect(answer).toMatchObject({ officeIds: ['office-1', 'office-2', 'office-3'] })
  })

  it('says so where nothing is left, nothing was asked, or it still runs', async () => {
    const latest = ['office-1', 'office-2', 'office-3'].map((id) => judged(id, 'ready'))
    expect((await ask('recheck', { latest, checks: { last } })).text).toContain('Nothing is left')
    expect((await ask('recheck', { checks: { last: async () => null } })).text).toContain(
      'No check was asked',
    )
    const underWay = () => [{ id: 'c1', officeIds: ['office-1'], askedBy: ANA, here: true }]
    expect((await ask('recheck', { checks: { last, underWay } })).text).toContain('still running')
  })

  it('leaves out what the person may not check, and shows many before it begins', async () => {
    const everything = TWELVE.map(({ id }) => id)
    const all: ChecksHere['last'] = async () => ({ id: 'c1', officeIds: everything, at: NOON })
    expect((await ask('recheck', { who: EMEA, checks: { last: all } })).answer).toEqual({
      kind: 'check',
      officeIds: ['office-1', 'office-2', 'office-3'],
      leftOut: 9,
    })
    expect((await ask('recheck', { checks: { last: all } })).offers.has('Run')).toBe(true)
  })

  it('takes whatever check takes', async () => {
    expect((await ask('recheck Office 1')).answer).toMatchObject({ officeIds: ['office-1'] })
    expect((await ask('recheck #emea - Office 1')).answer).toMatchObject({
      officeIds: ['office-2', 'office-3'],
    })
    expect((await ask('recheck Ofice 12')).offers.get('Check Office 12')).toBeDefined()
  })
})

describe('cancel', () => {
  const one: CheckUnderWay = { id: 'c1', officeIds: ['office-1'], askedBy: BO, here: true }
  const stopping = (...underWay: readonly CheckUnderWay[]) => {
    const stopped: string[] = []
    const checks: Partial<ChecksHere> = {
      underWay: () => underWay,
      cancel: async (id) => {
        stopped.push(id)
        return true
      },
    }
    return { stopped, checks }
  }

  it('stops the check that runs here, and says whose it was', async () => {
    const { stopped, checks } = stopping(one, { ...one, id: 'c2', here: false })
    const { answer, text } = await ask('cancel', { checks })
    expect(answer).not.toHaveProperty('refused')
    expect(text).toContain('Bo Li')
    expect(stopped).toEqual(['c1'])
  })

  it.each([
    ['a viewer', 'viewer', BO],
    [
      'an operator of other offices',
      { ...EMEA, grants: [{ ...EMEA.grants[0], tag: 'us' }] } as Authority,
      BO,
    ],
  ] as const)('is refused to %s who did not ask for it', async (_name, who, askedBy) => {
    const { stopped, checks } = stopping({ ...one, askedBy })
    expect((await ask('cancel', { who, checks })).answer).toMatchObject({ refused: true })
    expect(stopped).toEqual([])
  })

  it('takes the role for every office of a check that somebody else asked for', async () => {
    const both = { ...one, officeIds: ['office-1', 'office-9'] }
    const others = stopping(both)
    expect((await ask('cancel', { who: EMEA, checks: others.checks })).answer).toMatchObject({
      refused: true,
    })
    expect(others.stopped).toEqual([])
    const mine = stopping({ ...both, askedBy: ANA })
    await ask('cancel', { who: EMEA, checks: mine.checks })
    expect(mine.stopped).toEqual(['c1'])
  })

  it('asks which where several run, and before it stops more than was named', async () => {
    const two = stopping(one, { ...one, id: 'c2', officeIds: ['office-2'] })
    const which = await ask('cancel', { checks: two.checks })
    expect([...which.offers.keys()]).toEqual(['Stop Office 1', 'Stop Office 2'])
    const press = which.offers.get('Stop Office 2')
    expect(press?.command).toBe(CANCEL_COMMAND)
    await ask(CANCEL_COMMAND, { checks: two.checks }, { kept: press?.how?.keep ?? null })
    expect(two.stopped).toEqual(['c2'])
    const many = stopping({ ...one, officeIds: ['office-1', 'office-2'] })
    const named = await ask('cancel Office 1', { checks: many.checks })
    expect(named.text).toContain('of several offices')
    expect(many.stopped).toEqual([])
  })

  it('names an office whose check runs elsewhere', async () => {
    const { stopped, checks } = stopping({ ...one, here: false })
    await ask('cancel Office 1', { checks })
    expect(stopped).toEqual(['c1'])
  })

  it('says so where nothing runs, or it ended a moment ago', async () => {
    expect((await ask('cancel')).text).toContain('No check is running here')
    expect((await ask('cancel Office 2')).text).toContain('is running')
    expect((await ask(CANCEL_COMMAND, {}, { kept: 'c9' })).text).toContain('is over')
    const ended = { underWay: () => [one], cancel: async () => false }
    expect((await ask('cancel', { checks: ended })).text).toContain('is over')
  })
})

describe('summary', () => {
  it.each(['summary page', 'summary page 0', 'summary page x', 'summary of', 'summary page 12345'])(
    'is not read from %s',
    async (text) => {
      expect((await ask(text)).answer).toMatchObject({ refused: true })
    },
  )

  it('shows a page of the last check here, or of the one that its button keeps', async () => {
    const asked: string[] = []
    const page: ChecksHere['page'] = async (checkId, at, mayShow) => {
      asked.push(`${checkId} ${at} ${mayShow('office-1')} ${mayShow('office-9')}`)
      return null
    }
    await ask('summary', { checks: { page } })
    await ask('summary page 2', { checks: { page }, who: EMEA }, { kept: 'c7' })
    expect(asked).toEqual(['c1 1 true true', 'c7 2 true false'])
  })

  it('says so where there is none', async () => {
    const none = { last: async () => null, page: async () => null }
    expect((await ask('summary', { checks: none })).answer).toMatchObject({ refused: true })
  })
})
