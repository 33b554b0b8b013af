import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { StoreTrouble, type TableStore } from '../../src/core/table-store.ts'
import { openAzureStore } from '../../src/store/azure-tables.ts'
import { openStore } from '../../src/store/open-store.ts'
import { type Azurite, azuriteMissing, startAzurite } from '../support/azurite.ts'
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts'
import { random, storeContract } from './contract.ts'

const missing = azuriteMissing()
const TABLE = 'faults'

// Skipped only where the emulator is not installed; the reason is in the suite's name.
describe.skipIf(missing)(`the Azure Tables store${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let azurite: Azurite

  beforeAll(async () => {
    azurite = await startAzurite()
  })

  afterAll(() => azurite?.stop())

  storeContract(() => openAzureStore({ connectionString: azurite.connectionString() }, { random }))

  it('is opened by the configured choice, and fails after its close', async () => {
    const choice = { kind: 'azure', connectionString: azurite.connectionString() } as const
    const store = await openStore(choice, { random })
    await store.ensure([TABLE])
    await store.close()
    await expect(store.get({ table: TABLE, pk: 'p', rk: 'r' })).rejects.toBeInstanceOf(StoreTrouble)
  })

  it('calls a wrong key denied, and does not repeat the key', async () => {
    const wrong = azurite.connectionString().replace('AccountKey=Eby8', 'AccountKey=AAAA')
    const store = await openAzureStore({ connectionString: wrong }, { random })
    const read = store.get({ table: TABLE, pk: 'p', rk: 'r' })
    await expect(read).rejects.toMatchObject({ name: 'StoreTrouble', word: 'denied' })
    await expect(read).rejects.not.toThrow(/AAAA/)
  })

  describe('behind a bad network', () => {
    let proxy: FaultProxy
    let direct: TableStore
    let store: TableStore
    let made = 0
    const row = () => ({ table: TABLE, pk: `p${++made}`, rk: 'r' })
    const etagOf = async (name: ReturnType<typeof row>) => (await direct.get(name))?.etag ?? 'none'

    beforeAll(async () => {
      proxy = await startFaultProxy(azurite.port)
      direct = await openAzureStore({ connectionString: azurite.connectionString() }, { random })
      const connectionString = azurite.connectionString(proxy.port)
      store = await openAzureStore({ connectionString }, { random })
      await direct.ensure([TABLE])
    })

    afterEach(() => proxy.set('pass'))

    afterAll(() => proxy?.close())

    it('an insert whose answer is lost is a success', async () => {
      const name = row()
      proxy.set('drop', 1)
      expect(await store.insert(name, { a: 1 })).toEqual({ ok: true, etag: await etagOf(name) })
      expect(proxy.done()).toBe(1)
    })

    it("an insert whose answer is lost is a conflict where the row is another's", async () => {
      const name = row()
      await direct.insert(name, { a: 1 })
      proxy.set('drop', 1)
      expect(await store.insert(name, { a: 2 })).toEqual({ ok: false, why: 'conflict' })
    })

    it.each(['merge', 'replace'] as const)(
      'an update (%s) whose answer is lost is a success',
      async (mode) => {
        const name = row()
        await direct.insert(name, { a: 1 })
        const before = await etagOf(name)
        proxy.set('drop', 1)
        const answer = await store.update(name, { a: 2 }, mode, before)
        expect(answer).toEqual({ ok: true, etag: await etagOf(name) })
        expect(await store.update(name, { a: 3 }, mode, before)).toEqual({ ok: false, why: 'stale' })
      },
    )

    it("an update whose answer is lost is stale where the row is another's", async () => {
      const name = row()
      await direct.insert(name, { a: 1 })
      const before = await etagOf(name)
      await direct.upsert(name, { a: 2 }, 'merge')
      proxy.set('drop', 1)
      expect(await store.update(name, { a: 3 }, 'merge', before)).toEqual({ ok: false, why: 'stale' })
      expect((await direct.get(name))?.props).toEqual({ a: 2 })
    })

    it.each(['with', 'without'])('a removal %s an ETag whose answer is lost is a success', async (kind) => {
      const name = row()
      await direct.insert(name, { a: 1 })
      const etag = await etagOf(name)
      proxy.set('drop', 1)
      expect(await (kind === 'with' ? store.remove(name, etag) : store.remove(name))).toEqual({ ok: true })
      expect(await direct.get(name)).toBeUndefined()
    })

    it('an upsert whose answer is lost is a success', async () => {
      const name = row()
      proxy.set('drop', 1)
      expect(await store.upsert(name, { a: 1 }, 'merge')).toEqual({ ok: true, etag: await etagOf(name) })
    })

    it('a batch whose answer is lost is a success, with its ETags', async () => {
      const { pk } = row()
      const old = { table: TABLE, pk, rk: 'old' }
      const gone = { table: TABLE, pk, rk: 'gone' }
      await direct.insert(old, {})
      await direct.insert(gone, {})
      const etag = await etagOf(old)
      proxy.set('drop', 1)
      const answer = await store.batch(TABLE, pk, [
        { op: 'insert', rk: 'new', props: {} },
        { op: 'update', rk: 'old', props: { a: 1 }, mode: 'merge', etag },
        { op: 'remove', rk: 'gone' },
      ])
      const etags = [await etagOf({ ...old, rk: 'new' }), await etagOf(old), undefined]
      expect(answer).toEqual({ ok: true, etags })
    })

    it('a batch of removals whose answer is lost is a success', async () => {
      const name = row()
      await direct.insert(name, {})
      proxy.set('drop', 1)
      const answer = await store.batch(TABLE, name.pk, [{ op: 'remove', rk: name.rk }])
      expect(answer).toEqual({ ok: true, etags: [undefined] })
    })

    it('a batch whose answer is lost is refused where it was refused', async () => {
      const name = row()
      await direct.insert(name, {})
      proxy.set('drop', 1)
      const answer = await store.batch(TABLE, name.pk, [
        { op: 'upsert', rk: 'x', props: {}, mode: 'merge' },
        { op: 'insert', rk: name.rk, props: {} },
      ])
      expect(answer).toEqual({ ok: false, why: 'conflict', index: 1 })
    })

    it('a connection that is reset before the request arrives is tried again', async () => {
      const name = row()
      proxy.set('reset', 2)
      expect(await store.insert(name, { a: 1 })).toEqual({ ok: true, etag: await etagOf(name) })
      proxy.set('reset', 1)
      expect(await store.get(name)).toMatchObject({ props: { a: 1 } })
    })

    it('a connection that is always reset is trouble: unreachable', async () => {
      proxy.set('reset')
      await expect(store.insert(row(), {})).rejects.toMatchObject({
        name: 'StoreTrouble',
        word: 'unreachable',
      })
    })

    it('a server that never answers is trouble within the time of one call', async () => {
      const hasty = await openAzureStore(
        { connectionString: azurite.connectionString(proxy.port) },
        { random, callMs: 300 },
      )
      proxy.set('hang')
      const name = row()
      const calls = [
        () => hasty.get(name),
        () => hasty.insert(name, {}),
        () => hasty.upsert(name, {}, 'merge'),
        () => hasty.update(name, {}, 'merge', '*'),
        () => hasty.remove(name),
        () => hasty.query(name),
        () => hasty.batch(TABLE, name.pk, [{ op: 'insert', rk: 'r', props: {} }]),
        () => hasty.ensure([TABLE]),
      ]
      const start = performance.now()
      for (const call of calls) {
        await expect(call()).rejects.toMatchObject({ name: 'StoreTrouble', word: 'timeout' })
      }
      // Eight calls of 300 ms each; the margin is for a busy machine, and far below the library's own retries.
      expect(performance.now() - start).toBeLessThan(8 * 300 + 2_000)
    })
  })
})

describe('opening the Azure Tables store', () => {
  it.each([
    ['bad-address', 'nonsense'],
    ['bad-address', 'DefaultEndpointsProtocol=https;AccountName=a'],
    [
      'insecure',
      'DefaultEndpointsProtocol=http;AccountName=acc;AccountKey=c2VjcmV0;EndpointSuffix=core.windows.net',
    ],
    [
      'insecure',
      'DefaultEndpointsProtocol=http;AccountName=acc;AccountKey=c2VjcmV0;TableEndpoint=http://127.0.0.1.example.com/acc',
    ],
  ])('refuses, as %s, a connection string, and does not repeat it', async (word, connectionString) => {
    const refusal = openAzureStore({ connectionString }, { random })
    await expect(refusal).rejects.toMatchObject({ name: 'CannotOpenStore', word })
    await expect(refusal).rejects.not.toThrow(/c2VjcmV0|nonsense/)
  })

  it.each([
    ['bad-address', 'acc.table.core.windows.net'],
    ['insecure', 'http://acc.table.core.windows.net'],
  ])('refuses, as %s, a URL', async (word, url) => {
    await expect(openStore({ kind: 'azure', url }, { random })).rejects.toMatchObject({ word })
  })

  it('takes an https URL without asking for a token yet', async () => {
    const store = await openStore({ kind: 'azure', url: 'https://acc.table.core.windows.net' }, { random })
    await store.close()
  })
})
