import { describe, expect, it } from 'vitest'
import type { Authority } from '../../src/core/authority.ts'
import { ANA } from '../support/check-kit.ts'
import { contextOf, say } from './context.ts'

describe('about', () => {
  it('tells a member the version and what it is, and nothing of its health', async () => {
    const { kind, text } = await say('about', contextOf('member'))
    expect(kind).toBe('about')
    expect(text).toContain('Doorstep 0.1.0')
    expect(text).not.toMatch(/Runners|Store|Sign-in|list/)
  })

  it('tells whoever may look at some offices how it is doing', async () => {
    const emea: Authority = {
      grants: [{ objectId: ANA.objectId, role: 'viewer', tag: 'emea' }],
      everyone: 'member',
    }
    for (const who of ['viewer', emea] as const) {
      const { text } = await say('about', contextOf(who))
      expect(text).toMatch(/Runners 3 online, 1 silent, 1 never seen, 1 of another version/)
      expect(text).toMatch(/Endpoint list 2026110200, known to be the newest 40.min earlier/)
      expect(text).toMatch(/Running for 1.day/)
      expect(text).toContain('Last digest none')
      expect(text).toContain('Trouble none that Doorstep knows of')
    }
  })
})
