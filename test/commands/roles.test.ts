import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cardLines } from '../../src/cards/card-text.ts'
import { answerText } from '../../src/commands/answer.ts'
import type { Extras } from '../../src/commands/command.ts'
import { personalOnly } from '../../src/commands/not-allowed.ts'
import { readRoleWords } from '../../src/commands/role-words.ts'
import { readWords } from '../../src/commands/words.ts'
import type { StoredGrant } from '../../src/core/granted.ts'
import { ANA, BO } from '../support/check-kit.ts'
import { contextOf, say, type TestContext } from './context.ts'

const NOBODY = { mentions: [], inputs: {} }
const MENTION = { id: '29:bo', name: 'Bo Li', text: '@Bo Li' }

function wordsOf(text: string) {
  const read = readWords(text)
  if (read.kind !== 'words') throw new Error(`${text} holds no words`)
  return read.words
}

/** A context that keeps what was given. */
function giving(
  who: Parameters<typeof contextOf>[0] = 'admin',
  became: 'done' | 'busy' | 'same' | 'last-admin' = 'done',
) {
  const given: StoredGrant[] = []
  const context: TestContext = contextOf(who)
  const roles: TestContext['roles'] = {
    ...context.roles,
    grant: async (grant) => {
      given.push(grant)
      return became
    },
  }
  return { given, context: { ...context, roles } }
}
const answerTo = async (text: string, context: TestContext, extras: Partial<Extras> = {}) => {
  const { answer } = await answerText(text, context, extras)
  if (answer.kind !== 'card') throw new Error('a card was expected')
  return {
    text: cardLines(answer.card.card).join('\n'),
    refused: answer.refused === true,
    buttons: context.offered,
  }
}

describe('what is said about a role', () => {
  it.each([
    ['role grant @Bo Li operator for #emea', 'operator', { kind: 'tag', typed: 'emea' }],
    ['role grant operator @Bo Li for emea', 'operator', { kind: 'tag', typed: 'emea' }],
    ['Role GRANT @Bo Li as an Operator for #EMEA.', 'operator', { kind: 'tag', typed: 'EMEA' }],
    ['role grant @Bo Li viewer', 'viewer', { kind: 'unsaid' }],
    ['role grant @Bo Li viewer for all', 'viewer', { kind: 'all' }],
    ['role grant @Bo Li viewer for all offices', 'viewer', { kind: 'all' }],
    ['role grant @Bo Li', null, { kind: 'unsaid' }],
  ] as const)('is read: %s', (text, role, scope) => {
    expect(readRoleWords(wordsOf(text), { mentions: [MENTION], inputs: {} })).toEqual({
      whom: { kind: 'mention', mention: MENTION },
      role,
      scope,
      byForm: false,
    })
  })

  it('takes a name for a name, whatever it is', () => {
    const named = { id: '29:x', name: 'Admin for #emea', text: '@Admin for #emea' }
    expect(
      readRoleWords(wordsOf('role grant @Admin for #emea viewer'), { mentions: [named], inputs: {} }),
    ).toMatchObject({ whom: { kind: 'mention' }, role: 'viewer', scope: { kind: 'unsaid' } })
    const dotted = { id: '29:x', name: 'Bo D.', text: '@Bo D.' }
    expect(
      readRoleWords(wordsOf('role grant @Bo D. viewer'), { mentions: [dotted], inputs: {} }),
    ).toMatchObject({
      whom: { kind: 'mention' },
      role: 'viewer',
    })
  })

  it('knows a person by object id, and by a typed name never', () => {
    expect(readRoleWords(wordsOf(`role grant ${BO.objectId.toUpperCase()} viewer`), NOBODY)).toMatchObject({
      whom: { kind: 'id', objectId: BO.objectId },
      role: 'viewer',
    })
    expect(readRoleWords(wordsOf('role grant @Bo viewer'), NOBODY)).toMatchObject({
      whom: { kind: 'name', typed: '@Bo' },
    })
    expect(readRoleWords(wordsOf(`role grant x${BO.objectId}0 viewer`), NOBODY).whom.kind).toBe('name')
  })

  it('never makes a person, a role or a tag of text that does not hold one', () => {
    const part = fc.oneof(
      fc.constantFrom(
        'for',
        '#emea',
        'viewer',
        'admin',
        '@Bo',
        BO.objectId,
        'all',
        'as',
        '__proto__',
        '${x}',
      ),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const text = `role grant ${parts.join(' ')}`
        const read = readWords(text)
        if (read.kind !== 'words') return
        const { whom, role } = readRoleWords(read.words, NOBODY)
        if (whom.kind === 'id') expect(text.toLowerCase()).toContain(whom.objectId)
        expect(['mention', 'several']).not.toContain(whom.kind)
        if (role !== null) expect(read.words.folded).toContain(role)
      }),
    )
  })
})

describe('giving a role', () => {
  it('is done at once for a viewer, by mention, with the name that Teams gave', async () => {
    const { given, context } = giving()
    const said = await answerTo('role grant @Bo viewer for #EMEA', context, {
      mentions: [{ ...MENTION, text: '@Bo' }],
    })
    expect(given).toMatchObject([{ objectId: BO.objectId, name: 'Bo Li', role: 'viewer', tag: 'emea' }])
    expect(given[0]?.by).toEqual({ objectId: ANA.objectId, name: ANA.name })
    expect(said.text).toContain(BO.objectId)
    expect([...said.buttons.values()]).toEqual([`role revoke ${BO.objectId} for #emea`])
  })

  it('asks first for an admin, and takes no typed word for a yes', async () => {
    const { given, context } = giving()
    const asked = await answerTo(`role grant ${BO.objectId} admin`, context)
    expect(asked.text).toContain('Make Bo Li an admin?')
    expect(given).toEqual([])
    const command = asked.buttons.get('Make admin') ?? ''
    await answerTo(command, context)
    await answerTo(command, context, { inputs: { kept: 'confirmed', confirmed: 'yes' } })
    expect(given).toEqual([])
    await answerTo(command, context, { kept: 'confirmed' })
    expect(given).toMatchObject([{ role: 'admin', tag: null }])
  })

  it.each([
    ['nothing', 'role grant', ''],
    ['no role', `role grant ${BO.objectId}`, ''],
    ['a name', 'role grant Bo viewer', 'I do not know people by name'],
    [
      'a tag that no office has',
      `role grant ${BO.objectId} viewer for #mars`,
      'No office has the tag #mars. Tags are #emea.',
    ],
  ])('with %s opens the form, and gives nothing', async (_what, text, problem) => {
    const { given, context } = giving()
    const said = await answerTo(text, context)
    expect(given).toEqual([])
    expect(said.text).toContain('Give a role')
    expect(said.text).toContain(problem)
    expect(said.refused).toBe(problem !== '')
  })

  it('by the form does what its fields say, and comes back with what is wrong', async () => {
    const { given, context } = giving()
    await answerTo('role grant', context, {
      inputs: { person: ` ${BO.objectId} `, role: 'operator', scope: '#emea' },
    })
    expect(given).toMatchObject([{ objectId: BO.objectId, role: 'operator', tag: 'emea' }])
    const wrong = await answerTo('role grant', context, {
      inputs: { person: 'Bo', role: 'operator', scope: 'all' },
    })
    expect(wrong).toMatchObject({ refused: true, text: expect.stringContaining('by name') })
    const none = await answerTo('role grant', context, {
      inputs: { person: BO.objectId, role: 'owner', scope: 'all' },
    })
    expect(none.text).toContain('Give a role')
    expect(given).toHaveLength(1)
  })

  it('by a form that names no scope is asked again, and never means all offices', async () => {
    const { given, context } = giving()
    for (const scope of ['', ' ', '#mars']) {
      const inputs = { person: BO.objectId, role: 'operator', scope }
      const said = await answerText('role grant', context, { inputs })
      expect(said.answer).toMatchObject({ refused: true })
      expect(JSON.stringify(said.answer)).not.toContain('"value":"all","style"')
    }
    const { text } = await answerTo('role grant', context, {
      inputs: { person: BO.objectId, role: 'operator' },
    })
    expect(text).toContain('Choose for which offices')
    expect(given).toEqual([])
  })

  it('to two people at once is refused', async () => {
    const { given, context } = giving()
    const mentions = [MENTION, { ...MENTION, id: '29:ana', text: '@Ana' }]
    expect((await answerTo('role grant @Bo Li @Ana viewer', context, { mentions })).text).toContain(
      'one person at a time',
    )
    expect(given).toEqual([])
  })

  it.each([
    ['same', 'already'],
    ['busy', 'Somebody else is changing roles'],
    ['last-admin', 'last admin'],
  ] as const)('that became %s says so', async (became, says) => {
    const { context } = giving('admin', became)
    expect(await answerTo(`role grant ${BO.objectId} viewer`, context)).toMatchObject({
      refused: true,
      text: expect.stringContaining(says),
    })
  })

  it('by an admin for a tag offers that tag alone', async () => {
    const emea = {
      grants: [{ objectId: ANA.objectId, role: 'admin' as const, tag: 'emea' }],
      everyone: 'member' as const,
    }
    const { given, context } = giving(emea)
    const form = await answerText('role grant', context)
    expect(JSON.stringify(form.answer)).toContain('"#emea"')
    expect(JSON.stringify(form.answer)).not.toContain('All offices')
    expect((await answerTo(`role grant ${BO.objectId} viewer`, context)).text).toContain(
      'You are an admin for #emea only',
    )
    await answerTo(`role grant ${BO.objectId} viewer for #emea`, context)
    expect(given).toHaveLength(1)
  })
})

describe('the audit command', () => {
  it.each(['audit 0d', 'audit 400d', 'audit 7d 12h', 'audit Nowhere', 'audit @Bo Li of London'])(
    'is refused with what can be said: %s',
    async (text) => {
      expect(await say(text, contextOf('admin'))).toMatchObject({ refused: true, kind: 'refusal' })
    },
  )

  it.each(['audit', 'audit Seattle', 'AUDIT 12h', 'audit 4w Seattle', 'audit Head office 7d', 'audit @Bo'])(
    'is answered: %s',
    async (text) => {
      expect(await say(text, contextOf('admin'))).toMatchObject({ refused: false, kind: 'audit' })
    },
  )

  it('finds lines of an office by its names and by the checks that it was part of', async () => {
    const context = contextOf('admin')
    let matches: (line: never) => boolean = () => false
    const audit: TestContext['audit'] = {
      read: async (query) => {
        matches = query.matches as typeof matches
        return { lines: [], more: false }
      },
    }
    await answerText('audit Seattle', { ...context, audit })
    const found = (command: string, offices: readonly string[] = []) => matches({ command, offices } as never)
    expect([found('check SEATTLE.'), found('status head office'), found('check all', ['seattle'])]).toEqual([
      true,
      true,
      true,
    ])
    expect([found('check Seattles'), found('check London'), found('check all', ['london'])]).toEqual([
      false,
      false,
      false,
    ])
  })
})

describe('a secret', () => {
  it('is for personal chats alone', () => {
    expect(personalOnly({ conversationKind: 'personal' }, 'A one-time code')).toBeNull()
    for (const conversationKind of ['group', 'channel'] as const) {
      expect(personalOnly({ conversationKind }, 'A one-time code')).toMatchObject({
        kind: 'card',
        refused: true,
      })
    }
  })
})
