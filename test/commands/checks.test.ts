import { describe, expect, it } from 'vitest'
import { NARROW_COMMAND, NARROWED_COMMAND, RUN_COMMAND } from '../../src/commands/dry-run.ts'
import type { Authority } from '../../src/core/authority.ts'
import { anOffice } from '../support/check-kit.ts'
import { ask, EMEA, TWELVE } from './ask-checks.ts'

describe('a check of more than ten offices', () => {
  it('shows what it would do before it does anything, and runs once', async () => {
    const { answer, kind, text, offers } = await ask('check all')
    expect(answer).not.toMatchObject({ kind: 'check' })
    expect(kind).toBe('dry-run')
    expect(text).toContain('Check 12 offices?')
    expect(text).toMatch(/Office 1.*8 more/)
    expect(text).toContain('1 online, 1 without an answer')
    expect(text).toMatch(/No answer from Office 2.*7 more/)
    const run = offers.get('Run')
    expect(run).toMatchObject({ command: RUN_COMMAND, how: { uses: 'once' } })
    const kept = run?.how?.keep ?? ''
    const begun = await ask(RUN_COMMAND, {}, { kept })
    expect(begun.answer).toEqual({ kind: 'check', officeIds: TWELVE.map(({ id }) => id) })
  })

  it('runs the offices that were shown, also when others came meanwhile or some are gone', async () => {
    const kept = (await ask('check all')).offers.get('Run')?.how?.keep ?? ''
    const now = [...TWELVE.slice(1), anOffice('new')]
    const { answer } = await ask(RUN_COMMAND, { offices: now }, { kept })
    expect(answer).toMatchObject({ officeIds: TWELVE.slice(1).map(({ id }) => id) })
  })

  it('asks the rights of whoever presses Run, office by office', async () => {
    const kept = (await ask('check all')).offers.get('Run')?.how?.keep ?? ''
    const some = await ask(RUN_COMMAND, { who: EMEA }, { kept })
    expect(some.answer).toEqual({
      kind: 'check',
      officeIds: ['office-1', 'office-2', 'office-3'],
      leftOut: 9,
    })
    expect((await ask(RUN_COMMAND, { who: 'viewer' }, { kept })).answer).toMatchObject({ refused: true })
  })

  it('is no button that somebody can type, or that keeps something else', async () => {
    expect((await ask(RUN_COMMAND)).text).toContain('No office is called')
    for (const kept of [
      '',
      '{}',
      'null',
      '[]',
      '{"officeIds":7,"leftOut":0}',
      '{"officeIds":[],"leftOut":"x"}',
    ]) {
      expect((await ask(RUN_COMMAND, {}, { kept })).answer, kept).toMatchObject({ refused: true })
    }
  })

  it('begins at once with ten or fewer', async () => {
    const { answer } = await ask('check all - Office 1 - Office 2')
    expect(answer).toEqual({ kind: 'check', officeIds: TWELVE.slice(2).map(({ id }) => id) })
  })

  it('says how many were left out, because the person may not check them', async () => {
    expect((await ask('check all', { who: EMEA })).answer).toMatchObject({ leftOut: 9 })
    const more = TWELVE.map((office) => ({ ...office, tags: ['emea'] }))
    const { text } = await ask('check all', { who: EMEA, offices: [...more, anOffice('other')] })
    expect(text).toContain('1 office that you may not check')
  })

  it('is narrowed in a form that comes back with what was wrong', async () => {
    const shown = await ask('check all')
    const narrow = shown.offers.get('Narrow')
    expect(narrow?.command).toBe(NARROW_COMMAND)
    const form = await ask(NARROW_COMMAND, {}, { kept: narrow?.how?.keep ?? '' })
    expect(form.answer).toMatchObject({ kind: 'card', inPlace: true })
    expect(JSON.stringify(form.answer)).toContain('"value":"all"')
    expect(form.offers.get('Show')?.command).toBe(NARROWED_COMMAND)
    const wrongs: readonly (readonly [string, string])[] = [
      ['all - #apac', 'No office has the tag'],
      ['Ofice 1', 'No office is called'],
      ['Office 1 -', 'plus or a minus'],
      ['Office 1 - Office 1', 'No office is left'],
      ['  ', 'at least one'],
      ['x'.repeat(500), 'too long'],
    ]
    for (const [which, says] of wrongs) {
      const { answer, text } = await ask(NARROWED_COMMAND, {}, { inputs: { which } })
      expect(answer, which).toMatchObject({ kind: 'card', inPlace: true, refused: true })
      expect(text, which).toContain(says)
    }
    const fewer = await ask(NARROWED_COMMAND, {}, { inputs: { which: 'all - Office 12' } })
    expect(fewer.text).toContain('Check 11 offices?')
    expect(fewer.answer).toMatchObject({ inPlace: true })
    const few = await ask(NARROWED_COMMAND, {}, { inputs: { which: '#emea' } })
    expect(few.answer).toMatchObject({ kind: 'check', officeIds: ['office-1', 'office-2', 'office-3'] })
  })
})

describe('a part of a selection that nobody goes by', () => {
  it('is put right by a button that says all of it again', async () => {
    const { answer, offers } = await ask('check #emea + Ofice 7 - Office 1')
    expect(answer).toMatchObject({ refused: true })
    expect(offers.get('With Office 7')?.command).toBe('check #emea + Office 7 - Office 1')
  })

  it('is a tag: those that the person may use are offered, and no others', async () => {
    const { offers, text } = await ask('check #apac')
    expect(text).toContain('No office has the tag')
    expect(offers.get('#emea')?.command).toBe('check #emea')
    const mine = { grants: [{ ...EMEA.grants[0], tag: 'us' }], everyone: 'member' } as Authority
    expect((await ask('check #apac', { who: mine })).offers.has('#emea')).toBe(false)
  })
})

describe('status of a selection', () => {
  it('shows the offices that are meant, and no others', async () => {
    const { kind, text } = await ask('status #emea - Office 1')
    expect(kind).toBe('status')
    expect(text).toContain('Status of 2 offices')
    expect((await ask('status #apac')).text).toContain('No office has the tag')
    expect((await ask('status #emea - #emea')).text).toContain('No office is left')
  })
})
