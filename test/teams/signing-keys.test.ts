import { Agent } from 'undici'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { activitySchema } from '../../src/teams/activity.ts'
import { DOCUMENT_TIMEOUT_MS, fetchSigningKeys } from '../../src/teams/key-documents.ts'
import { ASK_AGAIN_MS, ASK_FIRST_MS, MAX_STALE_MS, REFRESH_MS } from '../../src/teams/signing-keys.ts'
import {
  type Behaviour,
  connectorClaims,
  HANGS,
  IdentityProvider,
  type IssuerKey,
  json,
  newIssuerKey,
  signed,
  TROUBLES,
} from '../support/identity-provider.ts'
import { settle, until } from '../support/settle.ts'
import { type TestClock, testClock } from '../support/test-clock.ts'
import { APP_ID, fromTeams, startGate, TEAMS_URL } from './sign-in-kit.ts'

let old: IssuerKey
let fresh: IssuerKey
let clock: TestClock
let gate: Awaited<ReturnType<typeof startGate>>
const DOWN: Behaviour = (res) => void res.socket?.resetAndDestroy()

beforeAll(async () => {
  ;[old, fresh] = await Promise.all([newIssuerKey('old'), newIssuerKey('new')])
})
beforeEach(async () => {
  clock = testClock(Date.now())
  gate = await startGate({ clock })
  gate.identity.keys = [old]
})
afterEach(() => gate.close())

/** What a message gets that is signed with this key now. */
async function statusWith(key: IssuerKey): Promise<number> {
  const token = await signed(key, connectorClaims(APP_ID, TEAMS_URL, clock.now()))
  const answer = await gate.gate.authenticate(activitySchema.parse(fromTeams()), `Bearer ${token}`)
  return answer.ok ? 200 : answer.status
}

/** Waits until the keys were asked for so often, and the last answer was taken in. */
async function quiet(times: number): Promise<void> {
  const told = () => gate.log.lines.filter(({ message }) => message.startsWith('signing keys')).length
  await until(() => told() >= times)
}

describe('the first keys', () => {
  it('are asked for once, however many messages wait for them', async () => {
    const statuses = await Promise.all(Array.from({ length: 200 }, () => statusWith(old)))
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(gate.identity.asked).toMatchObject({ metadata: 1, keys: 1 })
  })

  it('that cannot be had let nobody in, are asked for every ten seconds and no more, and serve once they come', async () => {
    gate.identity.behave = { metadata: DOWN }
    await gate.keys.start()
    for (let count = 0; count < 50; count++) expect(await statusWith(old)).toBe(503)
    expect(gate.identity.asked.metadata).toBe(1)
    gate.identity.behave = {}
    clock.advance(ASK_FIRST_MS)
    await quiet(2)
    expect(await statusWith(old)).toBe(200)
    expect(gate.identity.asked.metadata).toBe(2)
  })

  it.each(['metadata', 'keys'] as const)(
    'that hang at the %s keep a message waiting for five seconds',
    async (what) => {
      gate.identity.behave = { [what]: HANGS }
      const waiting = statusWith(old)
      await until(() => gate.identity.asked[what] === 1)
      clock.advance(DOCUMENT_TIMEOUT_MS)
      expect(await waiting).toBe(503)
    },
  )
})

describe('a new key', () => {
  it('is known within a minute of its first use, and the old one until the issuer is asked again', async () => {
    await gate.keys.start()
    expect(await statusWith(old)).toBe(200)
    gate.identity.keys = [old, fresh]
    expect(await statusWith(fresh)).toBe(401)
    clock.advance(ASK_AGAIN_MS)
    expect(await statusWith(fresh)).toBe(200)
    expect(await statusWith(old)).toBe(200)
    gate.identity.keys = [fresh]
    clock.advance(REFRESH_MS)
    await quiet(3)
    expect(await statusWith(old)).toBe(401)
    expect(await statusWith(fresh)).toBe(200)
  })

  it('that was announced in time is never refused', async () => {
    await gate.keys.start()
    gate.identity.keys = [old, fresh]
    clock.advance(REFRESH_MS)
    await quiet(2)
    expect(await statusWith(fresh)).toBe(200)
    expect(gate.identity.asked.metadata).toBe(2)
  })

  it('cannot be told from a forged one while the issuer is silent', async () => {
    await gate.keys.start()
    gate.identity.keys = [old, fresh]
    gate.identity.behave = { keys: DOWN }
    clock.advance(ASK_AGAIN_MS)
    expect(await statusWith(fresh)).toBe(503)
    expect(await statusWith(old)).toBe(200)
  })
})

describe('keys that cannot be refreshed', () => {
  it('serve for five days, then nobody is let in, until the issuer is back', async () => {
    await gate.keys.start()
    gate.identity.behave = { metadata: DOWN }
    for (const day of [1, 2, 3, 4]) {
      clock.advance(REFRESH_MS)
      await settle()
      expect(await statusWith(old), `day ${day}`).toBe(200)
      expect(gate.keys.ageMs()).toBe(day * REFRESH_MS)
    }
    clock.advance(MAX_STALE_MS - 4 * REFRESH_MS)
    expect(await statusWith(old)).toBe(200)
    clock.advance(1)
    expect(await statusWith(old)).toBe(503)
    expect(gate.keys.ageMs()).toBeNull()
    gate.identity.behave = {}
    clock.advance(ASK_FIRST_MS)
    await until(() => gate.keys.ageMs() !== null)
    expect(await statusWith(old)).toBe(200)
  })
})

describe('an issuer that', () => {
  const dispatcher = new Agent()
  const fetched = () => {
    const { openIdMetadata, issuer } = gate.identity.cloud()
    return fetchSigningKeys(openIdMetadata, issuer, dispatcher, clock)
  }
  const documents = Object.entries(TROUBLES).flatMap(([name, behave]) => [
    [name, 'metadata', behave] as const,
    [name, 'keys', behave] as const,
  ])

  it.each(documents)(
    '%s in place of its %s gives no keys, and nothing that is held is lost',
    async (_name, what, behave) => {
      await gate.keys.start()
      gate.identity.behave = { [what]: behave }
      expect(await fetched()).toMatchObject({ ok: false })
      clock.advance(REFRESH_MS)
      await quiet(2)
      expect(await statusWith(old)).toBe(200)
    },
  )

  it.each<[string, (url: string) => object]>([
    ['names another issuer', (url) => ({ issuer: 'https://api.botframework.us', jwks_uri: `${url}/keys` })],
    ['names none', (url) => ({ jwks_uri: `${url}/keys` })],
    ['has its keys in a file', () => ({ issuer: ISSUER, jwks_uri: 'file:///etc/keys' })],
    ['names no address of keys', () => ({ issuer: ISSUER })],
    ['names what is no address', () => ({ issuer: ISSUER, jwks_uri: 'keys' })],
  ])('%s is not believed', async (_name, document) => {
    gate.identity.behave = { metadata: json(document(gate.identity.url)) }
    expect(await fetched()).toMatchObject({ ok: false })
    expect(gate.identity.asked.keys).toBe(0)
  })

  it('has its keys at another host is not believed, though proper keys are there', async () => {
    const other = await IdentityProvider.start()
    other.keys = [old]
    const address = `${other.url}/v1/.well-known/keys`
    gate.identity.behave = { metadata: json({ issuer: ISSUER, jwks_uri: address }) }
    expect(await fetched()).toMatchObject({ ok: false, failure: 'policy-refused' })
    expect(other.asked.keys).toBe(0)
    await other.close()
  })

  it.each<[string, unknown]>([
    ['has none', []],
    ['has a list of nothing', [null, 7, 'key', {}]],
    ['has a symmetric one', [{ kty: 'oct', k: 'AAAA', kid: 'old', endorsements: ['msteams'] }]],
    ['has one for encryption', [{ kty: 'RSA', n: 'AQAB', e: 'AQAB', kid: 'old', use: 'enc' }]],
    ['has more than anybody needs', Array.from({ length: 501 }, () => ({}))],
  ])('%s gives no keys', async (_name, listed) => {
    gate.identity.behave = { keys: json({ keys: listed }) }
    expect(await fetched()).toMatchObject({ ok: false })
  })

  it('has one bad key among good ones gives the good ones, and of two with one id the first', async () => {
    const second = { ...fresh.jwk, kid: 'old', endorsements: [] }
    gate.identity.behave = { keys: json({ keys: [{ kty: 'RSA' }, old.jwk, second] }) }
    const answer = await fetched()
    expect(answer.ok && [...answer.result.keys()]).toEqual(['old'])
    expect(await statusWith(old)).toBe(200)
  })
})

const ISSUER = 'https://api.botframework.com'
