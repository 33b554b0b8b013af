import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { base64url } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { activitySchema } from '../../src/teams/activity.ts'
import { readBearer } from '../../src/teams/bearer.ts'
import { connectorClaims, signed } from '../support/identity-provider.ts'
import { testClock } from '../support/test-clock.ts'
import { rightToken } from './sign-in-cases.ts'
import { APP_ID, fromTeams, type Keys, newKeys, startGate, TEAMS_URL } from './sign-in-kit.ts'

let keys: Keys
let gate: Awaited<ReturnType<typeof startGate>>
let right: string
const clock = testClock(Date.now())
const message = activitySchema.parse(fromTeams())

beforeAll(async () => {
  keys = await newKeys()
  gate = await startGate({ clock })
  gate.identity.keys = [keys.teams, keys.webchat]
  await gate.keys.start()
  right = `Bearer ${await rightToken(keys.teams)}`
})
afterAll(() => gate.close())

const statusOf = async (authorization: string | undefined): Promise<number> => {
  const answer = await gate.gate.authenticate(message, authorization)
  return answer.ok ? 200 : answer.status
}

/** One change of a text, at a place that is a share of its length. */
const change = fc.record({
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  kind: fc.constantFrom('put', 'drop', 'insert', 'cut', 'twice'),
  letter: fc.oneof(
    fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'),
    fc.constantFrom('.', '=', ' ', '+', '/', ',', '\t', 'é', '\0'),
  ),
})

function mutated(text: string, { at, kind, letter }: { at: number; kind: string; letter: string }): string {
  const place = Math.floor(at * text.length)
  const [before, after] = [text.slice(0, place), text.slice(place)]
  if (kind === 'put') return before + letter + after.slice(1)
  if (kind === 'drop') return before + after.slice(1)
  if (kind === 'insert') return before + letter + after
  return kind === 'cut' ? before : before + after + after
}

describe('a token', () => {
  it('passes as it is', async () => {
    expect(await statusOf(right)).toBe(200)
  })

  it('does not pass with any letter of it changed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        const text = changes.reduce(mutated, right)
        fc.pre(text !== right)
        expect(await statusOf(text)).toBe(401)
      }),
      { numRuns: 5_000 },
    )
  })

  it('does not pass with any letter of its signature replaced, wherever it stands', async () => {
    const from = right.lastIndexOf('.') + 1
    for (let place = from; place < right.length; place++) {
      const letter = right[place] === 'A' ? 'B' : 'A'
      expect(await statusOf(right.slice(0, place) + letter + right.slice(place + 1))).toBe(401)
    }
  })

  it('of any text is refused without a throw', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.tuple(fc.jsonValue(), fc.jsonValue(), fc.base64String()).map(([head, claims, signature]) => {
        const parts = [head, claims].map((part) => base64url.encode(JSON.stringify(part) ?? ''))
        return `Bearer ${parts.join('.')}.${signature.replaceAll('=', '')}`
      }),
    )
    await fc.assert(
      fc.asyncProperty(text, async (header) => {
        expect(await statusOf(header)).toBe(401)
      }),
      { numRuns: 2_000 },
    )
  })

  it('with claims of any kind passes only when each is as it must be, though the issuer signed it', async () => {
    const names = ['iss', 'aud', 'exp', 'serviceurl'] as const
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.jsonValue(), async (name, value) => {
        const claims = connectorClaims(APP_ID, TEAMS_URL)
        fc.pre(!(name === 'exp' && typeof value === 'number' && value > 1e9))
        const token = await signed(keys.teams, { ...claims, [name]: value })
        expect(await statusOf(`Bearer ${token}`)).toBe(401)
      }),
      { numRuns: 300 },
    )
  })

  it('with a header of any kind passes only as RS256 with a key for Teams', async () => {
    const names = ['alg', 'kid', 'typ', 'crit'] as const
    const [, payload = '', signature = ''] = right.split('.')
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.jsonValue(), async (name, value) => {
        const head = { alg: 'RS256', typ: 'JWT', kid: 'teams-1', [name]: value }
        fc.pre(head.alg !== 'RS256' || head.kid !== 'teams-1' || head.typ !== 'JWT' || 'crit' in head)
        expect(
          await statusOf(`Bearer ${base64url.encode(JSON.stringify(head))}.${payload}.${signature}`),
        ).toBe(401)
      }),
      { numRuns: 500 },
    )
  })
})

describe('whoever sends rubbish', () => {
  it('with 10,000 key ids in an hour makes us ask the issuer once a minute, and leaves nothing behind', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const [, payload, signature] = right.split('.')
    const forged = (count: number) =>
      `Bearer ${base64url.encode(JSON.stringify({ alg: 'RS256', kid: `k-${count}-${'x'.repeat(200)}` }))}.${payload}.${signature}`
    expect(readBearer(forged(0))).not.toBeNull()
    for (let warm = 0; warm < 200; warm++) await statusOf(forged(-warm))
    const before = { ...gate.identity.asked }
    collect()
    const heap = process.memoryUsage().heapUsed
    for (let count = 0; count < 10_000; count++) {
      if (count % 10 === 0) clock.advance(3_600)
      expect(await statusOf(forged(count))).toBe(401)
    }
    collect()
    expect(process.memoryUsage().heapUsed - heap).toBeLessThan(5 * 1024 * 1024)
    // An hour has sixty minutes; each question is two documents.
    expect(gate.identity.asked.metadata - before.metadata).toBeLessThanOrEqual(60)
    expect(gate.identity.asked.keys - before.keys).toBeLessThanOrEqual(60)
  })

  it('with 20,000 unsigned tokens of as many tenants leaves nothing behind and asks nobody', async () => {
    const collect = runInNewContext('gc') as () => void
    const unsigned = (count: number) => {
      const claims = {
        iss: `https://sts.windows.net/${count}/`,
        aud: APP_ID,
        tid: `${count}`.padEnd(2_000, 'x'),
      }
      const parts = [{ alg: 'RS256', kid: 'teams-1' }, claims].map((part) =>
        base64url.encode(JSON.stringify(part)),
      )
      return `Bearer ${parts.join('.')}.AAAA`
    }
    const before = { ...gate.identity.asked }
    for (let warm = 0; warm < 200; warm++) await statusOf(unsigned(-warm))
    collect()
    const heap = process.memoryUsage().heapUsed
    for (let count = 0; count < 20_000; count++) await statusOf(unsigned(count))
    collect()
    expect(process.memoryUsage().heapUsed - heap).toBeLessThan(5 * 1024 * 1024)
    expect(gate.identity.asked).toEqual(before)
  })
})
