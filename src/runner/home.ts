import { createPrivateKey, type KeyObject, randomUUID } from 'node:crypto'
import * as z from 'zod'
import type { ListMemory } from '../endpoints/kept.ts'
import type { KeyPair } from '../os/keys.ts'
import { type PublicKey, readPublicKey, thumbprint } from '../wire/public-key.ts'

/** Names of the files that a runner keeps, besides its key. */
export type HomeFile = 'runner.json' | 'generation.json' | 'client-id' | 'endpoint-list.json'

/** The runner's folder, readable by its owner only. `write` replaces a file whole or not at all. */
export interface Home {
  read(file: HomeFile): Promise<string | null>
  write(file: HomeFile, text: string): Promise<void>
  /** Reports whether a key was made before. */
  hasKey(): Promise<boolean>
  /** The stored key, made where there is none. */
  keyPair(): Promise<KeyPair>
  /** Puts a new key in the place of the stored one. */
  replaceKey(): Promise<void>
}

/** The file is there and makes no sense: a person must look at it, so nothing is written over it. */
export class HomeDamaged extends Error {
  override readonly name = 'HomeDamaged'
}

const identitySchema = z.object({
  hub: z.string(),
  runnerId: z.string(),
  officeId: z.string(),
  officeName: z.string(),
})

/** Who this runner is: fixed at enrolment, the hub's origin included. */
export type Identity = Readonly<z.infer<typeof identitySchema>>

/** Who this runner is; null before its enrolment. */
export async function readIdentity(home: Home): Promise<Identity | null> {
  return readJson(home, 'runner.json', identitySchema)
}

export function writeIdentity(home: Home, identity: Identity): Promise<void> {
  return home.write('runner.json', JSON.stringify(identity))
}

const generationSchema = z.object({ generation: z.int().min(0), nonce: z.string().nullable() })

/** The generation that the hub gave last, and the nonce of a hello whose answer is not stored yet. */
export type Generation = Readonly<z.infer<typeof generationSchema>>

export async function readGeneration(home: Home): Promise<Generation> {
  return (await readJson(home, 'generation.json', generationSchema)) ?? { generation: 0, nonce: null }
}

export function writeGeneration(home: Home, generation: Generation): Promise<void> {
  return home.write('generation.json', JSON.stringify(generation))
}

/** A key pair with its name. */
export interface RunnerKey {
  readonly kid: string
  readonly publicKey: PublicKey
  readonly privateKey: KeyObject
}

/** The stored key; made where there is none. It never leaves this machine. */
export async function loadKey(home: Home): Promise<RunnerKey> {
  const { privateJwk, publicJwk } = await home.keyPair()
  const publicKey = readPublicKey(publicJwk)
  if (publicKey === null) throw new HomeDamaged('the stored key is no key for this')
  const privateKey = createPrivateKey({ key: privateJwk, format: 'jwk' })
  return { kid: await thumbprint(publicKey), publicKey, privateKey }
}

/** The GUID by which Microsoft's endpoint web service tells clients apart; made once, never derived from anything. */
export async function clientId(home: Home): Promise<string> {
  const stored = await home.read('client-id')
  if (stored !== null && /^[0-9a-f-]{36}\s*$/.test(stored)) return stored.trim()
  const made = randomUUID()
  await home.write('client-id', made)
  return made
}

/**
 * What was kept of the endpoint list. Unlike the other files it holds nothing that cannot be had again, so a damaged one
 * is fetched anew and written over.
 */
export function listMemory(home: Home): ListMemory {
  return {
    load: async () => {
      const text = await home.read('endpoint-list.json')
      return text === null ? undefined : JSON.parse(text)
    },
    save: (kept) => home.write('endpoint-list.json', JSON.stringify(kept)),
  }
}

async function readJson<T>(home: Home, file: HomeFile, schema: z.ZodType<T>): Promise<T | null> {
  const text = await home.read(file)
  if (text === null) return null
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    throw new HomeDamaged(`${file} cannot be read`, { cause })
  }
}
