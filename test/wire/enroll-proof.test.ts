import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { signEnrollProof, verifyEnrollProof } from '../../src/wire/enroll-proof.ts'
import { hashEnrolmentCode, newEnrolmentCode, readEnrolmentCode } from '../../src/wire/enrolment-code.ts'
import { countingRandom, forge, HUB, type KeyPair, NOW, newKeyPair } from './signing-kit.ts'

const CODE = 'dse_seattle_0123456789ABCDEFGHJKMNPQRSTVWXYZ'
let pair: KeyPair
let other: KeyPair
let proof: string

const header = () => ({ alg: 'EdDSA', typ: 'doorstep-enroll+jwt', jwk: pair.publicKey })
const claims = () => ({
  aud: HUB,
  code: CODE,
  jti: 'AAAAAAAAAAAAAAAAAAAAAQ',
  iat: NOW / 1000,
  exp: NOW / 1000 + 60,
  ver: '0.1.0',
  label: 'reception',
})
const forged = (head: object, body: object, key = pair) =>
  forge({ ...header(), ...head }, { ...claims(), ...body }, key.privateKey)

beforeAll(async () => {
  pair = await newKeyPair()
  other = await newKeyPair()
  const { publicKey, privateKey } = pair
  const toSign = { hub: HUB, code: CODE, version: '0.1.0', label: 'reception', publicKey, privateKey }
  proof = await signEnrollProof(toSign, NOW, countingRandom())
})

describe('an enrolment proof', () => {
  it('is accepted as it was signed', async () => {
    expect(await verifyEnrollProof(proof, HUB, NOW + 1000)).toEqual({
      code: { officeId: 'seattle', code: CODE },
      publicKey: pair.publicKey,
      kid: pair.kid,
      version: '0.1.0',
      label: 'reception',
    })
    expect(await verifyEnrollProof(forged({}, {}), HUB, NOW)).not.toBeNull()
  })

  it.each([
    ['at another hub', () => [proof, 'https://other.example', NOW] as const],
    ['three minutes later', () => [proof, HUB, NOW + 180_000] as const],
    ['three minutes before', () => [proof, HUB, NOW - 180_000] as const],
    ['with another public key', () => [forged({ jwk: other.publicKey }, {}), HUB, NOW] as const],
    ['signed by another key', () => [forged({}, {}, other), HUB, NOW] as const],
    [
      'with a key of small order',
      () => [forged({ jwk: { ...pair.publicKey, x: `AQ${'A'.repeat(41)}` } }, {}), HUB, NOW] as const,
    ],
    ['without a key', () => [forged({ jwk: undefined, kid: pair.kid }, {}), HUB, NOW] as const],
    ['of the type of a request', () => [forged({ typ: 'doorstep-req+jwt' }, {}), HUB, NOW] as const],
    ['with another alg', () => [forged({ alg: 'none' }, {}), HUB, NOW] as const],
    ['with a life of an hour', () => [forged({}, { exp: NOW / 1000 + 3600 }), HUB, NOW] as const],
    ['without an end', () => [forged({}, { exp: undefined }), HUB, NOW] as const],
    ['without a code', () => [forged({}, { code: undefined }), HUB, NOW] as const],
    ['with half a code', () => [forged({}, { code: CODE.slice(0, -1) }), HUB, NOW] as const],
    ['with an escape in the label', () => [forged({}, { label: 'a\u001b[31m' }), HUB, NOW] as const],
    ['with a long label', () => [forged({}, { label: 'a'.repeat(61) }), HUB, NOW] as const],
    ['without a version', () => [forged({}, { ver: undefined }), HUB, NOW] as const],
  ])('is refused %s', async (_name, given) => {
    const [text, hub, now] = given()
    expect(await verifyEnrollProof(text, hub, now)).toBeNull()
  })

  it('is refused whatever else it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.nat()), async (text) => {
        const changed =
          typeof text === 'string'
            ? text
            : proof.slice(0, text % proof.length) + proof.slice(1 + (text % proof.length))
        expect(await verifyEnrollProof(changed, HUB, NOW)).toBeNull()
      }),
    )
  })
})

describe('an enrolment code', () => {
  it('is 160 bits in Crockford’s base 32 behind the office’s id', () => {
    const random = { hex: (bytes: number) => 'ff'.repeat(bytes - 1).padEnd(bytes * 2, '0'), unit: () => 0 }
    expect(newEnrolmentCode('lyon-2', random)).toBe('dse_lyon-2_ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZR0')
  })

  it.each([
    [`  ${CODE}\n`, CODE],
    [CODE.toLowerCase(), CODE],
    ['dse_lyon_OOOOOOOOOOOOOOOOIIIIIIIILLLLLLLL', `dse_lyon_${'0'.repeat(16)}${'1'.repeat(16)}`],
  ])('is read as a person pastes it: %j', (text, code) => {
    expect(readEnrolmentCode(text)?.code).toBe(code)
  })

  it.each(['', 'dse__', CODE.slice(4), `${CODE}A`, CODE.replace('0', 'U'), 'dse_a b_0123', `x${CODE}`])(
    'is not read from %j',
    (text) => {
      expect(readEnrolmentCode(text)).toBeNull()
    },
  )

  it('is read back whatever it is, and stored as a hash', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (bytes) => {
        const random = { hex: () => Buffer.from(bytes).toString('hex'), unit: () => 0 }
        const code = newEnrolmentCode('seattle', random)
        expect(readEnrolmentCode(code)).toEqual({ officeId: 'seattle', code })
        expect(hashEnrolmentCode(code)).toMatch(/^[0-9a-f]{64}$/)
      }),
    )
  })
})
