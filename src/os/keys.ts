import { createPrivateKey, createPublicKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { platform } from 'node:process'
import { createFileAtomic, OWNER_ONLY, readTextFile } from './files.ts'

/** An Ed25519 key pair as JWK (RFC 8037). */
export interface KeyPair {
  readonly privateJwk: JsonWebKey
  readonly publicJwk: JsonWebKey
}

/** A new pair; nothing of it is stored. */
export function newKeyPair(): KeyPair {
  const { privateKey } = generateKeyPairSync('ed25519')
  return pairOf(privateKey.export({ format: 'jwk' }))
}

/**
 * Reads the private key kept at `path`, or makes one there that only its owner may read. Of several processes that start
 * at once, all get the same. Throws, with a sentence for the operator, when the file is no such key or is open to others.
 */
export async function loadOrCreateKeyPair(path: string): Promise<KeyPair> {
  const kept = await readKey(path)
  if (kept !== null) return kept
  const fresh = newKeyPair()
  const created = await createFileAtomic(path, `${JSON.stringify(fresh.privateJwk)}\n`, OWNER_ONLY)
  if (created) return fresh
  const other = await readKey(path)
  if (other === null) throw new Error(`The key file ${path} vanished while it was made.`)
  return other
}

async function readKey(path: string): Promise<KeyPair | null> {
  const text = await readTextFile(path)
  if (text === null) return null
  // Windows has no such bits: its folder's access list protects the file.
  if (platform !== 'win32' && ((await stat(path)).mode & 0o077) !== 0) {
    throw new Error(
      `The key file ${path} can be read by others: run chmod 600 on it, or better make a new key.`,
    )
  }
  try {
    return pairOf(JSON.parse(text) as JsonWebKey)
  } catch {
    // The reason may quote the key.
    throw new Error(`The key file ${path} does not hold an Ed25519 private key as JWK.`)
  }
}

function pairOf(jwk: JsonWebKey): KeyPair {
  const key = createPrivateKey({ key: jwk, format: 'jwk' })
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('another kind of key')
  return {
    privateJwk: key.export({ format: 'jwk' }),
    publicJwk: createPublicKey(key).export({ format: 'jwk' }),
  }
}
