import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { Random } from '../../src/core/ports.ts'
import { type PublicKey, thumbprint } from '../../src/wire/public-key.ts'

/** 2026-11-20T12:00:00Z. */
export const NOW = Date.UTC(2026, 10, 20, 12)
export const HUB = 'https://hub.example'

export interface KeyPair {
  readonly kid: string
  readonly publicKey: PublicKey
  readonly privateKey: KeyObject
}

export async function newKeyPair(): Promise<KeyPair> {
  const pair = generateKeyPairSync('ed25519')
  const publicKey = pair.publicKey.export({ format: 'jwk' }) as unknown as PublicKey
  return { kid: await thumbprint(publicKey), publicKey, privateKey: pair.privateKey }
}

/** Random numbers that count up, so that no two ids are alike and every run is the same. */
export function countingRandom(): Random {
  let count = 0
  return {
    hex: (bytes) => (++count).toString(16).padStart(bytes * 2, '0'),
    unit: () => 0.5,
  }
}

export function segment(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
}

/** A compact JWS with any header and payload, signed without asking whether that makes sense. */
export function forge(header: unknown, payload: unknown, privateKey: KeyObject): string {
  const input = `${segment(header)}.${segment(payload)}`
  return `${input}.${sign(null, Buffer.from(input), privateKey).toString('base64url')}`
}
