import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import type { Instance } from '../../src/core/instance.ts'
import { snapshotList } from '../../src/endpoints/snapshot.ts'
import recorded from '../../src/endpoints/snapshot-worldwide.json' with { type: 'json' }
import { EndpointLists, newGuid } from '../../src/hub/endpoint-lists.ts'
import { systemClock } from '../../src/os/clock.ts'
import { systemRandom } from '../../src/os/random.ts'
import { openEmbeddedStore } from '../../src/store/embedded.ts'
import { installationStore } from '../../src/store/installation.ts'
import { listChangeStore } from '../../src/store/list-changes.ts'
import { random } from '../store/contract.ts'
import { scratch } from '../support/scratch.ts'
import { keptLog } from '../support/settle.ts'

const folders = scratch('doorstep-lists-')
afterAll(() => folders.remove())
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** An endpoint web service on loopback that keeps what it was asked. */
async function service({ latest = '2026102900', changes = '[]', without = 0 } = {}) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    if (request.url?.startsWith('/changes')) return response.end(changes)
    const version = request.url?.startsWith('/version')
    const sets = recorded.endpoints.filter(({ id }) => id !== without)
    return response.end(JSON.stringify(version ? { latest } : sets))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }
}

/** One start of a hub's lists on a folder. */
async function start(folder: string, url: string, world: string | null, instance: Instance = 'Worldwide') {
  const store = await openEmbeddedStore(folder, { random })
  const installation = installationStore(store)
  const lists = new EndpointLists({
    url,
    world,
    instance,
    clientId: await installation.clientId(() => newGuid(systemRandom)),
    changes: listChangeStore(store),
    memory: { load: installation.loadEndpointList, save: installation.saveEndpointList },
    clock: systemClock(0),
    random: systemRandom,
    log: keptLog(),
  })
  await lists.start()
  return {
    lists,
    changes: () => listChangeStore(store).all(),
    close: async () => {
      lists.close()
      await store.close()
    },
  }
}

describe('a hub’s endpoint lists', () => {
  it('are the same after a restart, with one GUID and one look for the whole installation', async () => {
    const { asked, url } = await service()
    const folder = await folders.make()
    const first = await start(folder, url, null)
    expect(first.lists.listFor(null).version).toBe('2026102900')
    const refreshedAt = first.lists.refreshedAtFor(null)
    await first.close()
    const second = await start(folder, url, null)
    expect(second.lists.listFor(null)).toEqual(first.lists.listFor(null))
    expect(second.lists.refreshedAtFor(null)).toBe(refreshedAt)
    await second.close()
    expect(asked.map((path) => path.split('/')[1])).toEqual(['version', 'endpoints', 'changes'])
    const guids = asked.map((path) => new URL(path, url).searchParams.get('ClientRequestId'))
    expect(new Set(guids).size).toBe(1)
    expect(guids[0]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  })

  it('of a world are fetched at each start, by the same GUID, and never kept for the real Internet', async () => {
    const { asked, url } = await service()
    const folder = await folders.make()
    for (let starts = 0; starts < 2; starts++) {
      const hub = await start(folder, url, 'demo')
      expect(hub.lists.listFor('demo').version).toBe('2026102900')
      expect(hub.lists.refreshedAtFor(null)).toBeNull()
      await hub.close()
    }
    expect(asked.map((path) => path.split('/')[1])).toEqual(['version', 'endpoints', 'version', 'endpoints'])
    expect(new Set(asked.map((path) => path.split('?')[1])).size).toBe(1)
    const store = await openEmbeddedStore(folder, { random })
    expect(await installationStore(store).loadEndpointList()).toBeUndefined()
    await store.close()
  })

  it('are asked for by the instance that is configured, and another’s is not taken up', async () => {
    const { asked, url } = await service()
    const folder = await folders.make()
    await (await start(folder, url, null)).close()
    const dod = await start(folder, url, null, 'USGovDoD')
    expect(dod.lists.refreshedAtFor(null)).not.toBeNull()
    await dod.close()
    expect(asked.map((path) => path.split('?')[0])).toEqual([
      '/version/Worldwide',
      '/endpoints/Worldwide',
      '/changes/Worldwide/2024040100',
      '/version/USGovDoD',
      '/endpoints/USGovDoD',
    ])
  })

  it('keep what a new one changed, with Microsoft’s days, once and over restarts', async () => {
    const changes = JSON.stringify([
      {
        id: 1,
        endpointSetId: 64,
        disposition: 'Remove',
        version: '2026120100',
        add: { effectiveDate: '20261231' },
      },
    ])
    const { asked, url } = await service({ latest: '2026120100', changes, without: 64 })
    const folder = await folders.make()
    for (let starts = 0; starts < 2; starts++) {
      const hub = await start(folder, url, null)
      expect(await hub.changes()).toMatchObject([
        {
          version: '2026120100',
          before: snapshotList().version,
          sets: [{ set: 64, kind: 'gone', effectiveOn: '2026-12-31', added: [], category: null }],
        },
      ])
      await hub.close()
    }
    const path = asked.find((one) => one.startsWith('/changes'))
    expect(path).toMatch(/^\/changes\/Worldwide\/2024040100\?ClientRequestId=/)
    expect(asked.filter((one) => one.startsWith('/changes'))).toHaveLength(1)
  })

  it('keep what a new one changed even when the web service does not say', async () => {
    const { url } = await service({ latest: '2026120100', changes: '<html>', without: 64 })
    const hub = await start(await folders.make(), url, null)
    expect(await hub.changes()).toMatchObject([{ sets: [{ set: 64, effectiveOn: null }] }])
    await hub.close()
  })

  it('of an instance that could not be fetched is none: nothing is recorded of it', async () => {
    const hub = await start(await folders.make(), 'http://127.0.0.1:1/', null, 'China')
    expect(hub.lists.listFor(null).sets).toEqual([])
    await hub.close()
  })
})
