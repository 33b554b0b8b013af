import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { Office } from '../../src/core/office.ts'
import type { Applied, RegistryChange } from '../../src/core/registry.ts'
import type { TableStore } from '../../src/core/table-store.ts'
import { openEmbeddedStore } from '../../src/store/embedded.ts'
import { registryChangeKey } from '../../src/store/keys.ts'
import { type OfficeStore, officeStore } from '../../src/store/offices.ts'
import { anOffice, NOON } from '../support/check-kit.ts'
import { type Failure, failingStore, interruptedStore } from '../support/failing-store.ts'
import { scratch } from '../support/scratch.ts'
import { random } from './contract.ts'

const folders = scratch('doorstep-registry-')
let store: TableStore

beforeEach(async () => {
  store = await openEmbeddedStore(await folders.make(), { random })
  return () => store.close()
})
afterAll(() => folders.remove())

const damaged = (id: string) => {
  throw new Error(`${id} is damaged`)
}
const officesOf = (table: TableStore) => officeStore(table, damaged)

const [SEATTLE, LONDON, ZURICH] = [anOffice('seattle'), anOffice('london'), anOffice('zurich')]
const OLD = [LONDON, SEATTLE, ZURICH]
const LYON = anOffice('lyon', { tags: ['new'] })
const NEW = [
  anOffice('london', { tags: ['emea'] }),
  // The first Lyon was removed, and its id is never used again.
  { ...LYON, id: 'lyon-2' },
  anOffice('zurich', { tags: ['emea'] }),
]

/** The old registry, with an id that is used up. */
async function seed(): Promise<OfficeStore> {
  const offices = officesOf(store)
  for (const office of OLD) await offices.put(office)
  const gone = await offices.add(anOffice('lyon'))
  if (gone !== 'taken') await offices.retire('lyon', gone.etag, NOON)
  return offices
}

async function changesFrom(offices: OfficeStore): Promise<readonly RegistryChange[]> {
  const etag = async (id: string) => (await offices.row(id))?.etag ?? ''
  return [
    { what: 'change', office: anOffice('london', { tags: ['emea'] }), etag: await etag('london') },
    { what: 'change', office: anOffice('zurich', { tags: ['emea'] }), etag: await etag('zurich') },
    { what: 'add', office: LYON, ids: ['lyon', 'lyon-2', 'lyon-3'], isSame: () => false },
    { what: 'retire', id: 'seattle', etag: await etag('seattle'), at: NOON },
  ]
}

const sorted = (offices: readonly Office[]) => offices.toSorted((a, b) => a.id.localeCompare(b.id))

describe('many changes of the registry at once', () => {
  it('are all done, and leave no decision behind', async () => {
    const offices = await seed()
    expect(await offices.apply('one', await changesFrom(offices))).toBe('done')
    expect(sorted(await offices.all())).toEqual(NEW)
    expect(await offices.add(SEATTLE)).toBe('taken')
    expect(await store.get(registryChangeKey('one'))).toBeUndefined()
  })

  it.each(['change', 'retire'] as const)(
    'do nothing when the row of one %s is another by now',
    async (what) => {
      const offices = await seed()
      const changes = await changesFrom(offices)
      const touched = what === 'change' ? ZURICH : SEATTLE
      await offices.put({ ...touched, aliases: ['by another admin'] })
      expect(await offices.apply('one', changes)).toBe('stale')
      const now = OLD.map((office) =>
        office.id === touched.id ? { ...office, aliases: ['by another admin'] } : office,
      )
      expect(await offices.all()).toEqual(now)
      expect(await offices.add(anOffice('lyon-2'))).not.toBe('taken')
    },
  )

  it('do nothing when somebody has just added the same office', async () => {
    const offices = await seed()
    const changes = (await changesFrom(offices)).map((change) =>
      change.what === 'add' ? { ...change, ids: ['london', 'lyon-2'], isSame: () => true } : change,
    )
    expect(await offices.apply('one', changes)).toBe('stale')
    expect(await offices.all()).toEqual(OLD)
  })

  it('do nothing when they are more than one decision can hold', async () => {
    const offices = await seed()
    const noise = Array.from({ length: 200_000 }, (_, at) => Math.sin(at).toString(36)).join('')
    const changes = await changesFrom(offices)
    const large = changes.map((change) =>
      change.what === 'add' ? { ...change, office: { ...LYON, timeZone: noise } } : change,
    )
    await expect(offices.apply('one', large)).rejects.toThrow('packed value')
    expect(await offices.all()).toEqual(OLD)
    expect(await offices.apply('two', changes)).toBe('stale')
    expect(await offices.apply('three', await changesFrom(offices))).toBe('done')
  })

  it('do nothing when no id is free', async () => {
    const offices = await seed()
    const changes = (await changesFrom(offices)).map((change) =>
      change.what === 'add' ? { ...change, ids: ['lyon', 'london'] } : change,
    )
    expect(await offices.apply('one', changes)).toBe('stale')
    expect(await offices.all()).toEqual(OLD)
  })

  const failures = (['not stored', 'stored'] as const).flatMap((stored) =>
    (['works again', 'stays down'] as const).map((after) => ({ stored, after })),
  )
  it.each(failures)(
    'are all there or none, whichever write fails ($stored, then it $after), and the answer says which',
    async ({ stored, after }) => {
      const seen = new Set<Applied>()
      let count = 1
      for (let at = 1; at <= count; at++) {
        await store.close()
        store = await openEmbeddedStore(await folders.make(), { random })
        const offices = await seed()
        const changes = await changesFrom(offices)
        const failing = failingStore(store, { at, stored, after } satisfies Failure)
        const answer = await officesOf(failing).apply('one', changes)
        seen.add(answer)
        count = Math.max(count, failing.writes())
        // As another program finds it, before and after it puts in order what was left.
        const found = sorted(await officesOf(store).all())
        expect([OLD, NEW], `write ${at}`).toContainEqual(found)
        if (answer !== 'unknown') expect(found, `write ${at}`).toEqual(answer === 'done' ? NEW : OLD)
        for (const id of ['seattle', 'london', 'zurich', 'lyon', 'lyon-2']) await offices.row(id)
        expect(sorted(await offices.all()), `write ${at}`).toEqual(found)
        if (answer === 'done' || found.length !== 3 || found.some(({ id }) => id === 'lyon-2')) continue
        // The same again does it, whatever was left.
        expect(await offices.apply('two', await changesFrom(offices)), `write ${at}`).toBe('done')
        expect(sorted(await offices.all()), `write ${at}`).toEqual(NEW)
      }
      expect(count).toBeGreaterThanOrEqual(9)
      expect([...seen].toSorted()).toEqual(
        after === 'stays down' ? ['done', 'failed', 'unknown'] : ['done', 'failed'],
      )
    },
  )

  it('come late or never when a program was killed before they were decided', async () => {
    const offices = await seed()
    // Four marks, and a try for an id that is used up, come before the decision.
    const failing = failingStore(store, { at: 6, stored: 'not stored', after: 'stays down' })
    const changes = await changesFrom(offices)
    expect(await officesOf(failing).apply('one', changes)).toBe('unknown')
    // An admin who changes a marked office ends it for good: the decision cannot be made any more.
    const row = await offices.row('london')
    expect(row?.office).toEqual(LONDON)
    expect((await store.insert(registryChangeKey('one'), { any: 'decision' })).ok).toBe(false)
    expect(await offices.change({ ...LONDON, aliases: ['city'] }, row?.etag ?? '')).not.toBe('stale')
    expect(await offices.add(anOffice('lyon-2'))).not.toBe('taken')
  })

  it('harm nobody when the decision is damaged: rows stand, and can be changed', async () => {
    const offices = await seed()
    const failing = failingStore(store, { at: 6, stored: 'not stored', after: 'stays down' })
    await officesOf(failing).apply('one', await changesFrom(offices))
    await store.insert(registryChangeKey('one'), { d: new Uint8Array([9, 9]) })
    expect(await offices.all()).toEqual(OLD)
    const row = await offices.row('london')
    expect(await offices.change({ ...LONDON, tags: ['emea'] }, row?.etag ?? '')).not.toBe('stale')
  })

  const MEANWHILE: Readonly<Record<string, (offices: OfficeStore) => Promise<unknown>>> = {
    'an edit of an office in it': async (offices) => {
      const row = await offices.row('london')
      return row && offices.change({ ...row.office, aliases: ['mine'] }, row.etag)
    },
    'a removal of an office in it': async (offices) => {
      const row = await offices.row('zurich')
      return row && offices.retire('zurich', row.etag, NOON)
    },
    'an office that takes its id': (offices) => offices.add(anOffice('lyon-2', { name: 'Other' })),
    'a reader': (offices) => offices.all(),
  }
  it.each(Object.keys(MEANWHILE))('are all there or none, whenever %s comes in between', async (what) => {
    let count = 1
    for (let at = 1; at <= count; at++) {
      await store.close()
      store = await openEmbeddedStore(await folders.make(), { random })
      const offices = await seed()
      const changes = await changesFrom(offices)
      const interrupted = interruptedStore(store, at, async () => MEANWHILE[what]?.(officesOf(store)))
      const answer = await officesOf(interrupted).apply('one', changes)
      count = Math.max(count, interrupted.writes())
      expect(['done', 'stale'], `write ${at}`).toContain(answer)
      const found = new Map((await offices.all()).map((office) => [office.id, office]))
      // What came in between stands, on top of all of it or of nothing.
      expect(found.has('seattle'), `write ${at}`).toBe(answer === 'stale')
      expect(found.get('london')?.tags, `write ${at}`).toEqual(answer === 'done' ? ['emea'] : [])
      if (found.has('zurich')) expect(found.get('zurich')?.tags).toEqual(answer === 'done' ? ['emea'] : [])
      expect(
        [...found.values()].some(({ name }) => name === LYON.name),
        `write ${at}`,
      ).toBe(answer === 'done')
      for (const id of ['seattle', 'london', 'zurich', 'lyon-2', 'lyon-3']) await offices.row(id)
      expect(new Map((await offices.all()).map((office) => [office.id, office])), `write ${at}`).toEqual(
        found,
      )
    }
    expect(count).toBeGreaterThanOrEqual(9)
  })

  it('of two at once one is done or none, and readers see no mixture afterwards', async () => {
    for (let round = 0; round < 10; round++) {
      const offices = await seed()
      const changes = await changesFrom(offices)
      const other = changes.map((change) =>
        change.what === 'change' ? { ...change, office: { ...change.office, tags: ['other'] } } : change,
      )
      const answers = await Promise.all([
        officesOf(store).apply(`a${round}`, changes),
        officesOf(store).apply(`b${round}`, other),
      ])
      expect(answers.filter((answer) => answer === 'done').length).toBeLessThanOrEqual(1)
      const tags = new Set(
        (await offices.all()).filter(({ id }) => /london|zurich/.test(id)).flatMap((one) => one.tags),
      )
      expect(tags.size).toBeLessThanOrEqual(1)
      await store.close()
      store = await openEmbeddedStore(await folders.make(), { random })
    }
  })
})
