import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFileAtomic, OWNER_ONLY, readTextFile, writeFileAtomic } from '../../src/os/files.ts'
import { loadOrCreateKeyPair, newKeyPair } from '../../src/os/keys.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'doorstep-os-'))
})
afterEach(() => rm(folder, { recursive: true }))

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777
const posix = process.platform !== 'win32'

describe('files', () => {
  it('replaces a text whole and leaves nothing else behind', async () => {
    const path = join(folder, 'state.json')
    expect(await readTextFile(path)).toBeNull()
    await writeFileAtomic(path, 'one')
    await Promise.all(['two', 'three', 'four'].map((text) => writeFileAtomic(path, text)))
    expect(['two', 'three', 'four']).toContain(await readTextFile(path))
    expect(await readdir(folder)).toEqual(['state.json'])
  })

  it('creates a file only once', async () => {
    const path = join(folder, 'once')
    const created = await Promise.all(['a', 'b', 'c'].map((text) => createFileAtomic(path, text)))
    expect(created.filter(Boolean)).toHaveLength(1)
    expect(await readdir(folder)).toEqual(['once'])
  })

  it.runIf(posix)('keeps secrets to their owner', async () => {
    const path = join(folder, 'secret')
    await writeFileAtomic(path, 'x', OWNER_ONLY)
    expect(await modeOf(path)).toBe(0o600)
  })

  it('fails when the folder is missing', async () => {
    await expect(writeFileAtomic(join(folder, 'no', 'where'), 'x')).rejects.toThrow('ENOENT')
  })
})

describe('loadOrCreateKeyPair', () => {
  it('makes an Ed25519 key once and gives the same ever after', async () => {
    const path = join(folder, 'runner.key')
    const made = await loadOrCreateKeyPair(path)
    expect(made.publicJwk).toMatchObject({ kty: 'OKP', crv: 'Ed25519' })
    expect(made.publicJwk).not.toHaveProperty('d')
    expect(await loadOrCreateKeyPair(path)).toEqual(made)
    if (posix) expect(await modeOf(path)).toBe(0o600)
  })

  it('gives all who start at once the same key', async () => {
    const path = join(folder, 'runner.key')
    const pairs = await Promise.all(Array.from({ length: 5 }, () => loadOrCreateKeyPair(path)))
    expect(new Set(pairs.map(({ publicJwk }) => publicJwk.x)).size).toBe(1)
  })

  it.runIf(posix)('refuses a key that others may read', async () => {
    const path = join(folder, 'open.key')
    await writeFile(path, JSON.stringify(newKeyPair().privateJwk), { mode: 0o644 })
    await expect(loadOrCreateKeyPair(path)).rejects.toThrow('can be read by others')
  })

  it.each([
    ['nonsense', 'x'],
    ['a public key', JSON.stringify(newKeyPair().publicJwk)],
    ['an empty file', ''],
  ])('refuses %s without quoting it', async (_, text) => {
    const path = join(folder, 'bad.key')
    await writeFile(path, text, { mode: 0o600 })
    await expect(loadOrCreateKeyPair(path)).rejects.toThrow(
      `The key file ${path} does not hold an Ed25519 private key as JWK.`,
    )
  })
})
