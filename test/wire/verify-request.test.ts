import { createHmac } from 'node:crypto'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { bodyHash, type PublicKey } from '../../src/wire/public-key.ts'
import { signRequest } from '../../src/wire/sign-request.ts'
import { readSignedHeader, type Verified, verifyRequest } from '../../src/wire/verify-request.ts'
import { countingRandom, forge, HUB, type KeyPair, NOW, newKeyPair, segment } from './signing-kit.ts'

const BODY = Buffer.from('{"v":1,"inflight":[]}')
const PATH = '/r/v1/poll'
const IAT = NOW / 1000
const JTI = 'AAAAAAAAAAAAAAAAAAAAAQ'

let own: KeyPair
let other: KeyPair
let good: string

interface Altered {
  readonly method?: string
  readonly path?: string
  readonly body?: Uint8Array
  readonly now?: number
  readonly hub?: string
  readonly runnerId?: string
  readonly publicKey?: PublicKey
}

/** What a hub would do with a header: the shape, then the key by its name, then everything else. */
async function judge(authorization: string | undefined, altered: Altered = {}): Promise<Verified> {
  const header = readSignedHeader(authorization)
  if (header === null || header.kid !== own.kid) return { ok: false, code: 'unauthorized' }
  return verifyRequest(header, {
    hub: HUB,
    method: 'POST',
    path: PATH,
    body: BODY,
    runnerId: 'seattle-1',
    publicKey: own.publicKey,
    now: NOW,
    ...altered,
  })
}

const goodHeader = () => ({ alg: 'EdDSA', typ: 'doorstep-req+jwt', kid: own.kid })
const goodClaims = () => ({
  iss: 'seattle-1',
  sub: 'seattle-1',
  aud: HUB,
  htm: 'POST',
  htu: PATH,
  bh: bodyHash(BODY),
  jti: JTI,
  iat: IAT,
  exp: IAT + 60,
})
const forged = (header: object, claims: object, pair = own) =>
  `Doorstep-Runner ${forge({ ...goodHeader(), ...header }, { ...goodClaims(), ...claims }, pair.privateKey)}`
const without = (claim: string) => forged({}, { [claim]: undefined })
const parts = () => good.slice('Doorstep-Runner '.length).split('.') as [string, string, string]
const joined = (...texts: string[]) => `Doorstep-Runner ${texts.join('.')}`
/** The last character of 86 carries four bits that no byte uses: another spelling of the same signature. */
const respelled = (text: string) => {
  const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.indexOf(text.at(-1) ?? '')
  return text.slice(0, -1) + 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'[last ^ 1]
}

beforeAll(async () => {
  own = await newKeyPair()
  other = await newKeyPair()
  good = await signRequest(
    { hub: HUB, method: 'POST', path: PATH, body: BODY },
    { runnerId: 'seattle-1', kid: own.kid, privateKey: own.privateKey },
    NOW,
    countingRandom(),
  )
})

describe('a signed request', () => {
  it('is accepted as it was signed, and says until when its jti must be remembered', async () => {
    expect(await judge(good)).toEqual({ ok: true, jti: JTI, until: NOW + 121_000 })
  })

  it('is accepted when forged by the key itself with the right claims, so that the table below forges well', async () => {
    expect(await judge(forged({}, {}))).toMatchObject({ ok: true })
  })

  it.each([-60_000, -30_000, 0, 60_000, 119_000])(
    'is accepted %d ms later by the hub’s clock',
    async (ms) => {
      expect(await judge(good, { now: NOW + ms })).toMatchObject({ ok: true })
    },
  )

  it.each([-61_000, 121_000, 3_600_000])(
    'is refused for its time alone %d ms later, and told so',
    async (ms) => {
      expect(await judge(good, { now: NOW + ms })).toEqual({ ok: false, code: 'clock-skew' })
    },
  )
})

const CASES: readonly (readonly [string, () => string | undefined, Altered?])[] = [
  ['no header', () => undefined],
  ['an empty header', () => ''],
  ['the scheme alone', () => 'Doorstep-Runner '],
  ['another scheme', () => good.replace('Doorstep-Runner', 'Bearer')],
  ['the scheme in lower case', () => good.replace('Doorstep-Runner', 'doorstep-runner')],
  ['two spaces', () => good.replace(' ', '  ')],
  ['a trailing space', () => `${good} `],
  ['a trailing newline', () => `${good}\n`],
  ['two tokens', () => `${good},${good}`],
  ['20 KB', () => `Doorstep-Runner ${'a'.repeat(20_000)}`],
  ['two parts', () => joined(...parts().slice(0, 2))],
  ['four parts', () => `${good}.AAAA`],
  ['no signature', () => joined(parts()[0], parts()[1], '')],
  ['a signature of zeros', () => joined(parts()[0], parts()[1], 'A'.repeat(86))],
  ['a short signature', () => good.slice(0, -2)],
  ['padding', () => `${good}==`],
  ['the signature in another spelling', () => joined(parts()[0], parts()[1], respelled(parts()[2]))],
  ['characters of plain base64', () => good.replace(/[-_]/, '+')],
  ['a header that is not JSON', () => joined(segment('{'), parts()[1], parts()[2])],
  ['a header that is a list', () => joined(segment([]), parts()[1], parts()[2])],
  ['a payload that is not JSON', () => `Doorstep-Runner ${forge(goodHeader(), '{', own.privateKey)}`],
  ['a payload that is a list', () => `Doorstep-Runner ${forge(goodHeader(), [], own.privateKey)}`],
  ['alg none', () => joined(segment({ ...goodHeader(), alg: 'none' }), parts()[1], parts()[2])],
  ['alg none and no signature', () => joined(segment({ ...goodHeader(), alg: 'none' }), parts()[1], '')],
  [
    'HS256 with the public key as secret',
    () => {
      const input = `${segment({ ...goodHeader(), alg: 'HS256' })}.${parts()[1]}`
      return joined(input, createHmac('sha256', own.publicKey.x).update(input).digest('base64url'))
    },
  ],
  ['alg Ed25519', () => forged({ alg: 'Ed25519' }, {})],
  ['alg ES256', () => forged({ alg: 'ES256' }, {})],
  ['alg in lower case', () => forged({ alg: 'eddsa' }, {})],
  ['alg a list', () => forged({ alg: ['EdDSA'] }, {})],
  ['no alg', () => forged({ alg: undefined }, {})],
  ['no typ', () => forged({ typ: undefined }, {})],
  ['typ JWT', () => forged({ typ: 'JWT' }, {})],
  ['typ of an enrolment', () => forged({ typ: 'doorstep-enroll+jwt' }, {})],
  ['typ in upper case', () => forged({ typ: 'DOORSTEP-REQ+JWT' }, {})],
  ['typ with a media type', () => forged({ typ: 'application/doorstep-req+jwt' }, {})],
  ['no kid', () => forged({ kid: undefined }, {})],
  ['kid a number', () => forged({ kid: 1 }, {})],
  ['kid of another key', () => forged({ kid: other.kid }, {})],
  ['the own kid, signed by another key', () => forged({}, {}, other)],
  ['the own kid, signed by another key that comes along', () => forged({ jwk: other.publicKey }, {}, other)],
  ['an unknown critical header', () => forged({ crit: ['x'], x: 1 }, {})],
  ['an unencoded payload', () => forged({ crit: ['b64'], b64: false }, {})],
  ['another audience', () => forged({}, { aud: 'https://evil.example' })],
  ['the audience with a slash', () => forged({}, { aud: `${HUB}/` })],
  ['two audiences', () => forged({}, { aud: [HUB, 'https://evil.example'] })],
  ['a list of the one audience', () => forged({}, { aud: [HUB] })],
  ['another issuer', () => forged({}, { iss: 'london-1' })],
  ['another subject', () => forged({}, { sub: 'london-1' })],
  ['issuer and subject of another runner', () => forged({}, { iss: 'london-1', sub: 'london-1' })],
  ['the method in lower case', () => forged({}, { htm: 'post' })],
  ['another method', () => forged({}, { htm: 'GET' })],
  ['another path', () => forged({}, { htu: '/r/v1/hello' })],
  ['a path with a query', () => forged({}, { htu: `${PATH}?` })],
  ['a whole URL as path', () => forged({}, { htu: HUB + PATH })],
  ['the hash of another body', () => forged({}, { bh: bodyHash('{}') })],
  ['an empty hash', () => forged({}, { bh: '' })],
  ['a hash that is a list', () => forged({}, { bh: [bodyHash(BODY)] })],
  ['a short jti', () => forged({}, { jti: 'AAAA' })],
  ['a jti that is a number', () => forged({}, { jti: 1 })],
  ['a life of an hour', () => forged({}, { exp: IAT + 3600 })],
  ['an end before its start', () => forged({}, { exp: IAT - 1 })],
  ['times with fractions', () => forged({}, { iat: IAT + 0.5, exp: IAT + 60.5 })],
  ['times as text', () => forged({}, { iat: String(IAT), exp: String(IAT + 60) })],
  ['a start in the far future', () => forged({}, { iat: IAT + 120, exp: IAT + 180 })],
  ['a start long ago', () => forged({}, { iat: IAT - 200, exp: IAT - 140 })],
  ['nbf in the future', () => forged({}, { nbf: IAT + 3600 })],
  ['the good token at another path', () => good, { path: '/r/v1/hello' }],
  ['the good token with another method', () => good, { method: 'PUT' }],
  ['the good token with another body', () => good, { body: Buffer.from('{"v":1,"inflight":["x"]}') }],
  ['the good token with no body', () => good, { body: new Uint8Array() }],
  ['the good token at another hub', () => good, { hub: 'https://other.example' }],
  ['the good token as another runner', () => good, { runnerId: 'london-1' }],
  ...['iss', 'sub', 'aud', 'htm', 'htu', 'bh', 'jti', 'iat', 'exp'].map(
    (claim) => [`no ${claim}`, () => without(claim)] as const,
  ),
]

describe('a forged or changed request is refused', () => {
  for (const [name, header, altered] of CASES) {
    it(name, async () => {
      expect(await judge(header(), altered)).toMatchObject({ ok: false })
    })
  }

  it('whatever character of the token is changed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(63), async (where, which) => {
        const at = 'Doorstep-Runner '.length + (where % (good.length - 'Doorstep-Runner '.length))
        const char = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'[which] ?? ''
        fc.pre(char !== good[at])
        const changed = good.slice(0, at) + char + good.slice(at + 1)
        expect(await judge(changed)).toMatchObject({ ok: false })
      }),
      { numRuns: 500 },
    )
  })

  it('whatever text stands in the header', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), async (text) => {
        expect(await judge(text)).toMatchObject({ ok: false })
        expect(await judge(`Doorstep-Runner ${text}`)).toMatchObject({ ok: false })
      }),
      { numRuns: 500 },
    )
  })

  it('whatever JSON stands in a signed payload', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const token = forge(goodHeader(), value ?? null, own.privateKey)
        expect(await judge(`Doorstep-Runner ${token}`)).toMatchObject({ ok: false })
      }),
    )
  })
})
