import { describe, expect, it } from 'vitest'
import type { RunnerShown } from '../../src/cards/band.ts'
import { ANA, NOON } from '../support/check-kit.ts'
import { contextOf, say } from './context.ts'

const RUNNERS: ReadonlyMap<string, readonly RunnerShown[]> = new Map([
  [
    'seattle',
    [
      {
        name: 'seattle-1',
        status: 'online',
        version: '0.1.0',
        platform: 'linux x64',
        seenAt: NOON - 120_000,
      },
      { name: 'seattle-2', status: 'never-seen' },
    ],
  ],
  ['london', [{ name: 'london-1', status: 'silent', quarantined: true }]],
])

const having = (who: Parameters<typeof contextOf>[0]) => ({ ...contextOf(who), runners: async () => RUNNERS })

describe('runners', () => {
  it('are listed with state, version, platform and age, and offices without one are named', async () => {
    const { text, refused } = await say('runners', having('viewer'))
    expect(refused).toBe(false)
    expect(text).toMatch(
      /seattle-1.* · online · version .*0\.1\.0.* · .*linux x64.* · heard of 2.min earlier/,
    )
    expect(text).toContain('quarantined for rubbish')
    expect(text).toMatch(/Zürich[\s\S]*no runner registered/)
  })

  it('of one office come with a button to add one for whoever may', async () => {
    const admin = await say('runners Seattle', having('admin'))
    expect(admin.buttons.get('Add a runner')).toBe('runner add Seattle')
    const viewer = await say('runners Seattle', having('viewer'))
    expect([...viewer.buttons.keys()]).toEqual(['Look again'])
    expect(viewer.text).not.toContain('london-1')
  })

  it('are shown for the offices that a role is held for, and no others', async () => {
    const emea = {
      grants: [{ objectId: ANA.objectId, role: 'viewer' as const, tag: 'emea' }],
      everyone: 'member' as const,
    }
    const { text } = await say('runners', having(emea))
    expect(text).toContain('london-1')
    expect(text).not.toContain('seattle-1')
    expect(await say('runners Seattle', having(emea))).toMatchObject({ refused: true })
  })
})

describe('runner add', () => {
  it('gives an admin a code, its end, and the lines to type', async () => {
    const { text, refused, buttons } = await say('runner add Seattle', contextOf('admin'))
    expect(refused).toBe(false)
    expect(text).toContain('A new runner for')
    expect(text).toContain('once')
    expect(buttons.get('Is it there?')).toBe('runners office Seattle')
  })

  it.each(['group', 'channel'] as const)('makes no code in a %s', async (conversationKind) => {
    let made = 0
    const context = {
      ...contextOf('admin'),
      conversationKind,
      newEnrolmentCode: async () => {
        made += 1
        return { code: '', expiresAt: 0, hub: '' }
      },
    }
    expect(await say('runner add Seattle', context)).toMatchObject({ refused: true })
    expect(made).toBe(0)
  })

  it('makes none for an operator, nor for an office that is not there', async () => {
    expect(await say('runner add Seattle', contextOf('operator'))).toMatchObject({ refused: true })
    expect(await say('runner add Nowhere', contextOf('admin'))).toMatchObject({ refused: true })
    expect(await say('runner add', contextOf('admin'))).toMatchObject({ refused: true })
  })
})
