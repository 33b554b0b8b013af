import { describe, expect, it } from 'vitest'
import { readPublicKey, thumbprint } from '../../src/wire/public-key.ts'
import { newKeyPair } from './signing-kit.ts'

const P = 2n ** 255n - 19n
const D = mod(-121665n * power(121666n, P - 2n))

function mod(value: bigint): bigint {
  return ((value % P) + P) % P
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (let b = mod(base), e = exponent; e > 0n; e >>= 1n, b = mod(b * b)) if (e & 1n) result = mod(result * b)
  return result
}

type Point = readonly [bigint, bigint]

/** Addition on the twisted Edwards curve of RFC 8032, 5.1. */
function add([x1, y1]: Point, [x2, y2]: Point): Point {
  const t = mod(D * x1 * x2 * y1 * y2)
  const over = (value: bigint) => power(value, P - 2n)
  return [mod((x1 * y2 + x2 * y1) * over(mod(1n + t))), mod((y1 * y2 + x1 * x2) * over(mod(1n - t)))]
}

/** A point with that y, and whether eight times it is the neutral element; null when no point has that y. */
function hasSmallOrder(y: bigint): boolean | null {
  const square = mod((y * y - 1n) * power(D * y * y + 1n, P - 2n))
  let x = power(square, (P + 3n) / 8n)
  if (mod(x * x) !== square) x = mod(x * power(2n, (P - 1n) / 4n))
  if (mod(x * x) !== square) return null
  let point: Point = [x, mod(y)]
  for (let i = 0; i < 3; i++) point = add(point, point)
  return point[0] === 0n && point[1] === 1n
}

const SMALL = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]
const key = (bytes: Buffer) => ({ kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') })

describe('a public key that comes with an enrolment', () => {
  it('is read when it is an Ed25519 key', async () => {
    const { publicKey } = await newKeyPair()
    expect(readPublicKey({ ...publicKey, use: 'sig', kid: 'x' })).toEqual(publicKey)
  })

  it.each(SMALL)('is refused when it is the point %s of small order', (hex) => {
    const bytes = Buffer.from(hex, 'hex')
    expect(hasSmallOrder(BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`))).toBe(true)
    expect(readPublicKey(key(bytes))).toBeNull()
    bytes[31] = (bytes[31] ?? 0) | 0x80
    expect(readPublicKey(key(bytes))).toBeNull()
  })

  it.each([
    ['no object', 'x'],
    ['null', null],
    ['a private key', { ...key(Buffer.alloc(32, 9)), d: Buffer.alloc(32, 1).toString('base64url') }],
    ['another curve', { ...key(Buffer.alloc(32, 9)), crv: 'X25519' }],
    ['another type', { ...key(Buffer.alloc(32, 9)), kty: 'EC' }],
    ['31 bytes', key(Buffer.alloc(31, 9))],
    ['33 bytes', key(Buffer.alloc(33, 9))],
    ['no bytes', key(Buffer.alloc(0))],
    ['a second spelling', { ...key(Buffer.alloc(32, 0)), x: `${'A'.repeat(42)}B` }],
    ['a number', { ...key(Buffer.alloc(32, 9)), x: 9 }],
  ])('is refused when it is %s', (_name, value) => {
    expect(readPublicKey(value)).toBeNull()
  })

  it('has the thumbprint of RFC 8037, appendix A.3', async () => {
    const x = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'
    expect(await thumbprint({ kty: 'OKP', crv: 'Ed25519', x })).toBe(
      'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
    )
  })
})
