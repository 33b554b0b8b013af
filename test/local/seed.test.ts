import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { Office } from '../../src/core/office.ts'
import type { TableStore } from '../../src/core/table-store.ts'
import { HERE_ID, type Here, seedOffices } from '../../src/local/seed.ts'
import type { WorldFolder, WorldOffice } from '../../src/local/world-folder.ts'
import { openEmbeddedStore } from '../../src/store/embedded.ts'
import { latestStore } from '../../src/store/latest.ts'
import { type OfficeStore, officeStore } from '../../src/store/offices.ts'
import { random } from '../store/contract.ts'
import { NOON } from '../support/check-kit.ts'
import { scratch } from '../support/scratch.ts'
import { aLatest } from '../support/self-check.ts'

const folders = scratch('doorstep-seed-')
const DAY_MS = 24 * 3600_000
let store: TableStore
let offices: OfficeStore

beforeEach(async () => {
  store = await openEmbeddedStore(await folders.make(), { random })
  offices = officeStore(store, (id) => {
    throw new Error(`${id} is damaged`)
  })
  return () => store.close()
})
afterAll(() => folders.remove())

const aWorldOffice = (id: string, over: Partial<WorldOffice> = {}): WorldOffice => ({
  id,
  name: id,
  latitude: 45,
  longitude: 4,
  timeZone: 'Europe/Paris',
  egress: ['203.0.113.0/24'],
  resolvers: [],
  doors: [],
  attested: ['network-plan', 'tcp-tuned'],
  runners: [],
  ...over,
})
const aWorld = (some: readonly WorldOffice[], name = 'demo'): WorldFolder => ({
  name,
  places: null,
  endpoints: null,
  offices: some,
})
const DEMO = aWorld([aWorldOffice('lyon'), aWorldOffice('tokyo')])
const NOWHERE: Here = { at: null, timeZone: 'UTC', city: null }

/** A start of local mode, on a day. */
const start = (world = DEMO, day = 0, here = NOWHERE, worldHash: string | null = null) =>
  seedOffices(store, { world, here, shared: false, worldHash, now: NOON + day * DAY_MS })

async function edit(id: string, over: Partial<Office>): Promise<void> {
  const row = await offices.row(id)
  if (row === null) throw new Error(`no office ${id}`)
  expect(await offices.change({ ...row.office, ...over }, row.etag)).not.toBe('stale')
}
async function remove(id: string): Promise<void> {
  expect(await offices.retire(id, (await offices.row(id))?.etag ?? '', NOON)).toBe(true)
}
const office = async (id: string) => (await offices.all()).find((one) => one.id === id)
const ids = (some: readonly Office[]) => some.map(({ id }) => id)

describe('a local data folder that is started again', () => {
  it('has the world’s offices and the machine itself, and the same ones the next day', async () => {
    expect(ids(await start())).toEqual(['lyon', 'tokyo', 'here'])
    const before = await offices.all()
    expect(ids(await start())).toEqual(['lyon', 'tokyo', 'here'])
    expect(await offices.all()).toEqual(before)
  })

  it('keeps what a person changed, and follows the world in what they left alone', async () => {
    await start()
    const edited = { aliases: ['Lugdunum'], tags: ['emea'], egress: ['198.51.100.0/24'] }
    await edit('lyon', edited)
    for (const day of [1, 2]) {
      const moved = aWorld([aWorldOffice('lyon', { latitude: 46 + day, egress: ['192.0.2.0/24'] })])
      expect(await start(moved, day)).toContainEqual(await office('lyon'))
      expect(await office('lyon')).toMatchObject({ ...edited, at: { latitude: 46 + day } })
    }
  })

  it('keeps a limit and targets of a person', async () => {
    await start()
    const limit = {
      criterion: 'local-dns',
      value: 300,
      author: 'Ana',
      authorId: 'a',
      reason: 'so',
      expiresAt: NOON + 90 * DAY_MS,
    } as const
    await edit('lyon', { overrides: [limit], targets: { rttMs: 30 } })
    await start(DEMO, 1)
    expect(await office('lyon')).toMatchObject({ overrides: [limit], targets: { rttMs: 30 } })
  })

  it('gives the world’s attestations anew each day, beside a person’s, and not what a person took back', async () => {
    await start()
    const mine = {
      criterion: 'network-plan',
      by: 'Ana',
      byId: 'a',
      reason: 'mine',
      until: NOON + 90 * DAY_MS,
    } as const
    const row = await offices.row('lyon')
    await edit('lyon', {
      attestations: [
        mine,
        ...(row?.office.attestations ?? []).filter((one) => one.criterion !== mine.criterion),
      ],
    })
    await edit('tokyo', { attestations: [] })
    await start(DEMO, 3)
    const lyon = (await office('lyon'))?.attestations ?? []
    expect(lyon.map(({ criterion, until }) => [criterion, (until - NOON) / DAY_MS])).toEqual([
      ['tcp-tuned', 4],
      ['network-plan', 90],
    ])
    expect((await office('tokyo'))?.attestations).toEqual([])
    await start(DEMO, 4)
    expect((await office('tokyo'))?.attestations).toEqual([])
  })

  it('never brings back an office that a person removed, but the machine itself', async () => {
    await start()
    await remove('tokyo')
    await remove(HERE_ID)
    for (const day of [1, 2]) {
      expect(ids(await start(DEMO, day))).toEqual(['lyon', 'here'])
      expect(ids(await offices.all())).toEqual(['here', 'lyon'])
    }
  })

  it('adds what the world has now, takes away what it has no longer, and leaves a person’s own alone', async () => {
    await start()
    await offices.add({ ...((await office('lyon')) as Office), id: 'oslo', name: 'Oslo', world: null })
    await start(aWorld([aWorldOffice('lyon'), aWorldOffice('madrid')]), 1)
    expect(ids(await offices.all())).toEqual(['here', 'lyon', 'madrid', 'oslo'])
  })

  it('begins anew with another world, whatever was changed in the one before', async () => {
    await start()
    await edit('lyon', { egress: [] })
    await remove('tokyo')
    await start(aWorld([aWorldOffice('lyon'), aWorldOffice('tokyo')], 'other'), 1)
    expect((await office('lyon'))?.egress).toEqual(['203.0.113.0/24'])
    expect(ids(await offices.all())).toEqual(['here', 'lyon', 'tokyo'])
  })

  it('drops verdicts, and nothing else, once the world’s files say something else', async () => {
    const latest = latestStore(store)
    const judged = async () => (await latest.all()).map(({ officeId }) => officeId).toSorted()
    const isKept = async (hash: string | null, day: number) => {
      await start(DEMO, day, NOWHERE, hash)
      return await judged()
    }
    await isKept('a', 0)
    await offices.add({ ...((await office('lyon')) as Office), id: 'oslo', name: 'Oslo', world: null })
    await edit('lyon', { egress: [] })
    for (const id of ['lyon', 'oslo']) await latest.put({ ...aLatest(id), at: NOON })
    expect(await isKept('a', 1)).toEqual(['lyon', 'oslo'])
    expect(await isKept(null, 2)).toEqual(['lyon', 'oslo'])
    expect(await isKept('b', 3)).toEqual(['oslo'])
    expect((await office('lyon'))?.egress).toEqual([])
    await latest.put({ ...aLatest('lyon'), at: NOON })
    expect(await isKept('b', 4)).toEqual(['lyon', 'oslo'])
  })

  it('stands where --here says today', async () => {
    await start(DEMO, 0, { at: { latitude: 45.76, longitude: 4.84 }, timeZone: 'Europe/Paris', city: 'Lyon' })
    expect(await office(HERE_ID)).toMatchObject({ placed: true, aliases: ['here Lyon'] })
    await start(DEMO, 1)
    expect(await office(HERE_ID)).toMatchObject({ placed: false, aliases: [] })
  })
})
