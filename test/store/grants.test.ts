import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { leavesAnAdmin, type StoredGrant } from '../../src/core/granted.ts'
import type { TableStore } from '../../src/core/table-store.ts'
import { openEmbeddedStore } from '../../src/store/embedded.ts'
import { grantStore } from '../../src/store/grants.ts'
import { grantKey } from '../../src/store/keys.ts'
import { rememberedGrants, SHARED_FRESH_MS } from '../../src/store/remembered.ts'
import { ANA, BO, NOON } from '../support/check-kit.ts'
import { scratch } from '../support/scratch.ts'
import { testClock } from '../support/test-clock.ts'
import { random } from './contract.ts'

const folders = scratch('doorstep-grants-')
let store: TableStore

beforeEach(async () => {
  store = await openEmbeddedStore(await folders.make(), { random })
  return () => store.close()
})
afterAll(() => folders.remove())

const aGrant = (over: Partial<StoredGrant> = {}): StoredGrant => ({
  objectId: BO.objectId,
  role: 'operator',
  tag: 'emea',
  name: 'Bo Li',
  by: { objectId: ANA.objectId, name: ANA.name },
  at: NOON,
  ...over,
})
const put = (grant: StoredGrant) => () => ({ kind: 'put', grant }) as const

describe('grants', () => {
  it('are read as they were given, one per person and tag', async () => {
    const grants = grantStore(store, () => undefined)
    await grants.change(put(aGrant()))
    await grants.change(put(aGrant({ tag: null, role: 'viewer' })))
    await grants.change(put(aGrant({ tag: 'köln/#1', role: 'admin' })))
    await grants.change(put(aGrant({ role: 'viewer' })))
    const all = await grants.all()
    expect(all).toHaveLength(3)
    expect(all).toEqual(
      expect.arrayContaining([
        aGrant({ role: 'viewer' }),
        aGrant({ tag: null, role: 'viewer' }),
        aGrant({ tag: 'köln/#1', role: 'admin' }),
      ]),
    )
  })

  it('that cannot be read grant nothing, are reported, and harm no other', async () => {
    const damaged: string[] = []
    const grants = grantStore(store, (row) => damaged.push(row))
    await grants.change(put(aGrant()))
    await store.upsert(grantKey(ANA.objectId, null), { objectId: ANA.objectId, role: 'owner' }, 'replace')
    expect(await grants.all()).toEqual([aGrant()])
    expect(damaged).toHaveLength(1)
  })

  it('of two admins who take each other’s role at the same moment, one stays', async () => {
    const admins = [
      aGrant({ role: 'admin', tag: null }),
      aGrant({ role: 'admin', tag: null, objectId: ANA.objectId }),
    ]
    for (const grant of admins) await grantStore(store, () => undefined).change(put(grant))
    const takeAway = (gone: StoredGrant | undefined) =>
      grantStore(store, () => undefined).change<'last'>((current) => {
        const rows = current.filter(({ objectId }) => objectId === gone?.objectId)
        return leavesAnAdmin([], current, rows)
          ? { kind: 'remove', grants: rows }
          : { kind: 'refuse', why: 'last' }
      })
    const became = await Promise.all(admins.map(takeAway))
    expect(became.map(({ kind }) => kind).toSorted()).toEqual(['done', 'refused'])
    expect(await grantStore(store, () => undefined).all()).toHaveLength(1)
  })

  it('are all kept when ten are given at once, or those who gave them are told to try again', async () => {
    const became = await Promise.all(
      Array.from({ length: 10 }, (_, at) =>
        grantStore(store, () => undefined).change(put(aGrant({ tag: `t${at}` }))),
      ),
    )
    const done = became.filter(({ kind }) => kind === 'done').length
    expect(done).toBeGreaterThan(0)
    expect(await grantStore(store, () => undefined).all()).toHaveLength(done)
  })

  it('reach another hub within the freshness of shared tables, and their own at once', async () => {
    const clock = testClock()
    const hub = () =>
      rememberedGrants(
        grantStore(store, () => undefined),
        clock,
        SHARED_FRESH_MS,
      )
    const [one, two] = [hub(), hub()]
    expect([await one.all(), await two.all()]).toEqual([[], []])
    await one.change(put(aGrant()))
    await one.putName({ objectId: BO.objectId, name: 'Bo Li' })
    expect(await one.all()).toHaveLength(1)
    clock.advance(SHARED_FRESH_MS)
    expect(await two.all()).toEqual([aGrant()])
    expect(await two.names()).toEqual([{ objectId: BO.objectId, name: 'Bo Li' }])
    await two.change(() => ({ kind: 'remove', grants: [aGrant()] }))
    clock.advance(SHARED_FRESH_MS)
    expect([await one.all(), await two.all()]).toEqual([[], []])
  })

  it('read while they change are not kept as they were before', async () => {
    const clock = testClock()
    const grants = rememberedGrants(
      grantStore(store, () => undefined),
      clock,
      Number.POSITIVE_INFINITY,
    )
    const [, changed] = await Promise.all([grants.all(), grants.change(put(aGrant()))])
    expect(changed).toEqual({ kind: 'done' })
    expect(await grants.all()).toEqual([aGrant()])
  })
})
