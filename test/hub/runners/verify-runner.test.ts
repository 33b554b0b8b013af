import { describe, expect, it } from 'vitest'
import { ReplayMemory } from '../../../src/hub/runners/replay-memory.ts'
import { type KnownRunner, verifyRunner } from '../../../src/hub/runners/verify-runner.ts'
import { signRequest } from '../../../src/wire/sign-request.ts'
import { countingRandom, HUB, NOW, newKeyPair } from '../../wire/signing-kit.ts'

const pair = await newKeyPair()
const other = await newKeyPair()
const body = Buffer.from('{}')
const runner: KnownRunner = {
  id: 'seattle-1',
  officeId: 'seattle',
  state: 'active',
  publicKey: pair.publicKey,
}

function hub(known: KnownRunner | null = runner) {
  const asked: string[] = []
  const findRunner = async (kid: string) => {
    asked.push(kid)
    return kid === pair.kid ? known : null
  }
  const parts = { hub: HUB, findRunner, replay: new ReplayMemory() }
  const verify = (authorization: string | undefined, now = NOW) =>
    verifyRunner({ authorization, method: 'POST', path: '/r/v1/poll', body }, parts, now)
  return { asked, verify, replay: parts.replay }
}

function sign(keys = pair, random = countingRandom()) {
  const signer = { runnerId: 'seattle-1', kid: keys.kid, privateKey: keys.privateKey }
  return signRequest({ hub: HUB, method: 'POST', path: '/r/v1/poll', body }, signer, NOW, random)
}

describe('a runner’s request', () => {
  it('is accepted once, and refused when it comes again', async () => {
    const { verify } = hub()
    const header = await sign()
    expect(await verify(header)).toEqual({
      ok: true,
      runnerId: 'seattle-1',
      officeId: 'seattle',
      kid: pair.kid,
    })
    expect(await verify(header)).toMatchObject({ ok: false, status: 401, code: 'unauthorized' })
    expect(await verify(header, NOW + 119_000)).toMatchObject({ ok: false, code: 'unauthorized' })
  })

  it('is not looked up when it has no shape', async () => {
    const { verify, asked } = hub()
    expect(await verify('Bearer x')).toMatchObject({ ok: false, status: 401 })
    expect(await verify(undefined)).toMatchObject({ ok: false, status: 401 })
    expect(asked).toEqual([])
  })

  it('gets one answer for an unknown key and for a bad signature', async () => {
    const unknown = await hub().verify(await sign(other))
    const tampered = (await sign()).replace(/.{4}$/, 'AAAA')
    expect(await hub().verify(tampered)).toEqual(unknown)
  })

  it.each(['pending', 'locked', 'revoked'] as const)(
    'is refused with 403 while the runner is %s',
    async (state) => {
      expect(await hub({ ...runner, state }).verify(await sign())).toEqual({
        ok: false,
        status: 403,
        code: state,
      })
    },
  )

  it('learns the hub’s time when its own is wrong', async () => {
    const now = NOW + 600_000
    expect(await hub().verify(await sign(), now)).toEqual({ ok: false, status: 401, code: 'clock-skew', now })
  })

  it('does not leave a mark in the replay memory when it is refused', async () => {
    const { verify, replay } = hub()
    const header = await sign()
    await verify(header.replace(/.{4}$/, 'AAAA'))
    expect(await verify(header)).toMatchObject({ ok: true })
    replay.sweep(NOW + 200_000)
  })
})

describe('the replay memory', () => {
  it('is full rather than forgetful, and forgets what is too old', () => {
    const replay = new ReplayMemory()
    for (let i = 0; i < 2_000; i++) expect(replay.take('k', `j${i}`, NOW + 1000, NOW)).toBe('fresh')
    expect(replay.take('k', 'more', NOW + 1000, NOW)).toBe('full')
    expect(replay.take('other', 'more', NOW + 1000, NOW)).toBe('fresh')
    expect(replay.take('k', 'more', NOW + 3000, NOW + 1000)).toBe('fresh')
    expect(replay.take('k', 'more', NOW + 3000, NOW + 1000)).toBe('seen')
  })
})
