import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ConversationChange } from '../../src/core/chat.ts'
import {
  changedBy,
  heardFrom,
  homeId,
  type KnownConversation,
  WELCOME_AGAIN_MS,
  withTeam,
} from '../../src/core/known-conversation.ts'
import { ANA, aConversation } from '../support/check-kit.ts'

const CHANNEL = '19:ops@thread.tacv2'
const inChannel = (conversationId = CHANNEL) =>
  aConversation(conversationId, { kind: 'channel', teamId: '19:team', channelId: CHANNEL })

function change(what: ConversationChange['what'], at: number, over: Partial<ConversationChange> = {}) {
  return {
    id: '1',
    at,
    what,
    conversation: inChannel(),
    scope: 'conversation' as const,
    teamName: null,
    name: null,
    person: ANA,
    ...over,
  }
}

/** Runs changes one after the other; how often the bot would have introduced itself. */
function run(...changes: readonly ConversationChange[]) {
  let known: KnownConversation | null = null
  let welcomes = 0
  for (const next of changes) {
    const { after, welcome } = changedBy(known, next)
    known = after
    welcomes += Number(welcome)
  }
  return { known: known as unknown as KnownConversation, welcomes }
}

describe('a conversation', () => {
  it('is its channel, whatever thread somebody writes in', () => {
    const known = heardFrom(null, inChannel(`${CHANNEL};messageid=17`), 5, ANA.objectId)
    expect(known).toMatchObject({ id: CHANNEL, thread: '17', personId: null, state: 'alive' })
    expect(known.ref.conversationId).toBe(CHANNEL)
    const later = heardFrom(known, inChannel(CHANNEL), 6, ANA.objectId)
    expect(later.thread).toBe('17')
  })

  it('keeps the newest address for answers, and the team where a message does not say it', () => {
    const first = heardFrom(null, inChannel(), 5, ANA.objectId)
    const moved = { ...inChannel(), serviceUrl: 'http://127.0.0.1:2/new', teamId: null }
    const later = heardFrom(first, moved, 6, ANA.objectId)
    expect(later.ref).toMatchObject({ serviceUrl: 'http://127.0.0.1:2/new', teamId: '19:team' })
  })

  it('knows whose it is when it is personal', () => {
    expect(heardFrom(null, aConversation(), 5, ANA.objectId).personId).toBe(ANA.objectId)
  })

  it('takes new names and keeps old ones that are not repeated', () => {
    const { known } = run(
      change('changed', 1, { teamName: 'IT', name: 'Ops' }),
      change('changed', 2, { name: 'Network' }),
    )
    expect([known.teamName, known.name]).toEqual(['IT', 'Network'])
  })

  it('is gone when the bot was removed, and back when somebody writes there later', () => {
    const { known } = run(change('added', 1), change('removed', 10))
    expect(known).toMatchObject({ state: 'gone', stateAt: 10 })
    expect(heardFrom(known, inChannel(), 9, ANA.objectId).state).toBe('gone')
    expect(heardFrom(known, inChannel(), 11, ANA.objectId)).toMatchObject({ state: 'alive', stateAt: 11 })
  })

  it('is not brought back by a change of before it was left', () => {
    const { known, welcomes } = run(change('removed', 10), change('added', 9))
    expect([known.state, welcomes]).toEqual(['gone', 0])
  })

  it('goes and comes with its team, in the order of the times', () => {
    const { known } = run(change('added', 5))
    expect(withTeam(known, 'gone', 4).state).toBe('alive')
    const gone = withTeam(known, 'gone', 6)
    expect(gone).toMatchObject({ state: 'gone', stateAt: 6 })
    expect(withTeam(gone, 'alive', 7).state).toBe('alive')
  })
})

describe('the welcome', () => {
  it.each<[string, readonly ConversationChange[], number]>([
    ['once for an installation that is told twice', [change('added', 1), change('added', 2)], 1],
    ['not for an upgrade', [change('restored', 1)], 0],
    ['not for a new name', [change('changed', 1)], 0],
    [
      'not for a reinstall on the same day',
      [change('added', 1), change('removed', 2), change('added', WELCOME_AGAIN_MS)],
      1,
    ],
    [
      'again for a reinstall a day later',
      [change('added', 1), change('removed', 2), change('added', WELCOME_AGAIN_MS + 1)],
      2,
    ],
    [
      'not a day later where the bot was never away',
      [change('added', 1), change('added', WELCOME_AGAIN_MS * 3)],
      1,
    ],
    ['where people wrote before they installed', [change('changed', 1), change('added', 2)], 1],
  ])('is given %s', (_what, changes, times) => {
    expect(run(...changes).welcomes).toBe(times)
  })

  it('is given once a day at most, whatever comes in whatever order', () => {
    const anyChange = fc.record({
      what: fc.constantFrom('added' as const, 'removed' as const, 'restored' as const, 'changed' as const),
      at: fc.integer({ min: 0, max: WELCOME_AGAIN_MS - 1 }),
    })
    fc.assert(
      fc.property(fc.array(anyChange, { maxLength: 30 }), (changes) => {
        expect(run(...changes.map(({ what, at }) => change(what, at))).welcomes).toBeLessThanOrEqual(1)
      }),
    )
  })
})

it('names a chat by its own id and a thread by its channel', () => {
  expect(homeId({ conversationId: 'a:ana' })).toBe('a:ana')
  expect(homeId({ conversationId: `${CHANNEL};messageid=1` })).toBe(CHANNEL)
})
