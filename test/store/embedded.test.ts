import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { everyRow, RowRefused, StoreTrouble, type TableStore } from '../../src/core/table-store.ts'
import { openEmbeddedStore } from '../../src/store/embedded.ts'
import { openStore } from '../../src/store/open-store.ts'
import { random, storeContract } from './contract.ts'

let root: string
let made = 0
const opened: TableStore[] = []
const folder = () => join(root, `data${++made}`)
const opening = async (at: string, type?: number) => {
  const store = await openEmbeddedStore(at, {
    random,
    ...(type === undefined ? {} : { fileSystemType: async () => type }),
  })
  opened.push(store)
  return store
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'doorstep-store-'))
})

afterAll(async () => {
  for (const store of opened) await store.close()
  await rm(root, { recursive: true, force: true })
})

describe('the embedded store', () => {
  storeContract(() => opening(folder()))

  it('keeps its rows over a close and is opened by the configured choice', async () => {
    const at = folder()
    const first = await openStore({ kind: 'embedded', folder: at }, { random })
    await first.insert({ table: 'kept', pk: 'p', rk: 'r' }, { a: 1 })
    await first.close()
    await first.close()
    await expect(first.get({ table: 'kept', pk: 'p', rk: 'r' })).rejects.toBeInstanceOf(StoreTrouble)
    const again = await opening(at)
    expect(await again.get({ table: 'kept', pk: 'p', rk: 'r' })).toMatchObject({ props: { a: 1 } })
  })

  it('writes a file that only its owner reads', async () => {
    const at = folder()
    await opening(at)
    for (const file of ['doorstep.db', 'doorstep.db-wal']) {
      expect((await stat(join(at, file))).mode & 0o077).toBe(0)
    }
    expect(await readdir(at)).not.toContain('doorstep.db-shm')
  })

  it('refuses a merge that would grow a row beyond the limits, and keeps the row', async () => {
    const store = await opening(folder())
    const name = { table: 'grow', pk: 'p', rk: 'r' }
    const some = (from: number) =>
      Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`p${from + i}`, i]))
    await store.insert(name, some(0))
    await expect(store.upsert(name, some(200), 'merge')).rejects.toBeInstanceOf(RowRefused)
    expect((await store.get(name))?.props).toEqual(some(0))
  })

  it('undoes a batch that fails on a rule halfway', async () => {
    const store = await opening(folder())
    const batch = store.batch('half', 'p', [
      { op: 'insert', rk: 'a', props: {} },
      { op: 'insert', rk: 'b', props: { bad: Number.NaN } },
    ])
    await expect(batch).rejects.toBeInstanceOf(RowRefused)
    expect((await store.query({ table: 'half', pk: 'p' })).rows).toEqual([])
    expect(await store.insert({ table: 'half', pk: 'p', rk: 'a' }, {})).toMatchObject({ ok: true })
  })
})

describe('opening the embedded store', () => {
  it.each([
    ['NFS', 0x6969],
    ['SMB', 0xfe534d42],
    ['SMB, as a negative number', 0xfe534d42 | 0],
    ['CIFS', 0xff534d42],
  ])('refuses a network mount: %s', async (_, type) => {
    await expect(opening(folder(), type)).rejects.toMatchObject({
      name: 'CannotOpenStore',
      word: 'network-mount',
    })
  })

  it.each(['\\\\server\\share', '//server/share'])('refuses a network share: %s', async (share) => {
    await expect(opening(share)).rejects.toMatchObject({ word: 'network-mount' })
  })

  it('refuses a second opener in one sentence, and lets it in after a close', async () => {
    const at = folder()
    const first = await opening(at)
    const refusal = opening(at)
    await expect(refusal).rejects.toMatchObject({ word: 'in-use' })
    await expect(refusal).rejects.toThrow(/Another process has the data in .* open/)
    await first.insert({ table: 'still', pk: 'p', rk: 'r' }, {})
    await first.close()
    expect(await (await opening(at)).get({ table: 'still', pk: 'p', rk: 'r' })).toBeDefined()
  })

  it('refuses a file that is not a database, and a folder that is a file', async () => {
    const at = folder()
    await (await opening(at)).close()
    await writeFile(join(at, 'doorstep.db'), 'not a database '.repeat(500))
    await expect(opening(at)).rejects.toMatchObject({ word: 'damaged' })
    await expect(opening(join(at, 'doorstep.db'))).rejects.toMatchObject({ word: 'not-writable' })
  })
})

describe('after kill -9', () => {
  const writers: ChildProcess[] = []
  const writer = (at: string) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'embedded-writer.ts'), at], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    writers.push(child)
    return child
  }

  afterAll(() => {
    for (const child of writers) child.kill('SIGKILL')
  })

  it.each([1, 40, 400])(
    'every row that was acknowledged is there, and the lock is gone: %d rows',
    async (rows) => {
      const at = folder()
      const child = writer(at)
      let output = ''
      const enough = new Promise<void>((done) => {
        child.stdout?.setEncoding('utf8').on('data', (text: string) => {
          output += text
          if (output.split('\n').length > rows) done()
        })
      })
      const closed = once(child, 'close')
      await Promise.race([enough, closed])
      await expect(opening(at)).rejects.toMatchObject({ word: 'in-use' })
      child.kill('SIGKILL')
      await closed
      // A line cut by the kill is no acknowledgement.
      const acknowledged = output.split('\n').length - 2
      expect(child.signalCode).toBe('SIGKILL')
      const store = await opening(at)
      const found: number[] = []
      for await (const one of everyRow(store, { table: 'crash', pk: 'p' })) found.push(Number(one.rk))
      found.sort((a, b) => a - b)
      expect(acknowledged + 1).toBeGreaterThanOrEqual(rows)
      expect(found.slice(0, acknowledged + 1)).toEqual(Array.from({ length: acknowledged + 1 }, (_, i) => i))
      // One more may be stored whose acknowledgement was still on its way.
      expect(found.length - acknowledged - 1).toBeLessThanOrEqual(2)
    },
  )
})
