import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { OWNER_ONLY, readTextFile, writeFileAtomic } from '../os/files.ts'
import { loadOrCreateKeyPair, newKeyPair } from '../os/keys.ts'
import type { Home } from './home.ts'

/** A folder for its owner alone. */
const OWNER_FOLDER = 0o700

/** The runner's folder on disk; made where there is none. */
export async function openHome(folder: string): Promise<Home> {
  await mkdir(folder, { recursive: true, mode: OWNER_FOLDER })
  const keyFile = join(folder, 'key.json')
  return {
    read: (file) => readTextFile(join(folder, file)),
    write: (file, text) => writeFileAtomic(join(folder, file), `${text}\n`, OWNER_ONLY),
    hasKey: async () => (await readTextFile(keyFile)) !== null,
    keyPair: () => loadOrCreateKeyPair(keyFile),
    replaceKey: () => writeFileAtomic(keyFile, `${JSON.stringify(newKeyPair().privateJwk)}\n`, OWNER_ONLY),
  }
}
