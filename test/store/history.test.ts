import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { Latest } from '../../src/core/latest.ts'
import type { TableStore } from '../../src/core/table-store.ts'
import { openEmbeddedStore } from '../../src/store/embedded.ts'
import { historyStore } from '../../src/store/history.ts'
import { historyKey } from '../../src/store/keys.ts'
import { latestStore } from '../../src/store/latest.ts'
import { measurementOf, NOON, owedBy } from '../support/check-kit.ts'
import { noEvidence, pastLatest } from '../support/past.ts'
import { scratch } from '../support/scratch.ts'
import { random } from './contract.ts'

const folders = scratch('doorstep-history-')
let store: TableStore
const HOUR = 3_600_000
const DAY = 24 * HOUR

beforeEach(async () => {
  store = await openEmbeddedStore(await folders.make(), { random })
  return () => store.close()
})
afterAll(() => folders.remove())

const add = (latest: Latest) =>
  latestStore(store).addHistory({
    latest,
    startedAt: latest.at - 4_000,
    evidence: noEvidence(latest),
    measurements: [],
  })

describe('the history of an office', () => {
  it('comes oldest first over months, with its verdicts and the round trip, and of that office alone', async () => {
    await add(pastLatest({ at: NOON - 40 * DAY, checkId: 'check-one', letters: 'ppfpppppp', medianMs: 26.1 }))
    await add(pastLatest({ at: NOON, checkId: 'check-two', medianMs: 4.4 }))
    await add(pastLatest({ at: NOON, checkId: 'check-six', officeId: 'london' }))
    const found = await historyStore(store).between('seattle', NOON - 60 * DAY, NOON)
    expect(found.map(({ checkId, at, roundTripMs }) => ({ checkId, at, roundTripMs }))).toEqual([
      { checkId: 'check-one', at: NOON - 40 * DAY, roundTripMs: 26.1 },
      { checkId: 'check-two', at: NOON, roundTripMs: 4.4 },
    ])
    expect(found[0]?.verdicts).toMatchObject({ 'local-egress': 'pass', 'nearest-front-door': 'fail' })
    expect(await historyStore(store).between('seattle', NOON - DAY, NOON)).toHaveLength(1)
  })

  it('has no round trip where a proxy may have answered, nor in a row of before it was kept', async () => {
    await add(pastLatest({ at: NOON - HOUR, checkId: 'check-one', letters: 'ppppfpppp', medianMs: 1 }))
    await store.insert(historyKey('seattle', NOON, 'check-old'), { c: 'check-old', r: 'r', v: 'p', ms: 1 })
    const found = await historyStore(store).between('seattle', NOON - DAY, NOON)
    expect(found.map(({ roundTripMs }) => roundTripMs)).toEqual([null, null])
    // The old row names no criteria: no verdict is made up for it.
    expect(found[1]?.verdicts).toEqual({})
  })

  it('gives the last check of a stretch with its rulings, and passes over a row that cannot be read', async () => {
    const damaged: string[] = []
    await add(pastLatest({ at: NOON - 2 * DAY, checkId: 'check-one' }))
    await store.insert(historyKey('seattle', NOON - DAY, 'check-bad'), { c: 'check-bad', r: 'r', v: 'p' })
    const history = historyStore(store, (id) => void damaged.push(id))
    const found = await history.lastIn('seattle', NOON - 90 * DAY, NOON)
    expect(found).toMatchObject({ checkId: 'check-one', readiness: 'ready' })
    expect(found?.rulings).toHaveLength(9)
    expect(damaged).toEqual(['seattle'])
    expect(await history.lastIn('seattle', NOON - 90 * DAY, NOON - 3 * DAY)).toBeNull()
  })

  it('gives the measurements of one check as they were stored, also when a later one overtook it', async () => {
    const measurements = [measurementOf(owedBy('m1'), 'check-one'), measurementOf(owedBy('m2'), 'check-one')]
    const latest = pastLatest({ at: NOON, checkId: 'check-one' })
    await latestStore(store).addHistory({
      latest,
      startedAt: NOON - 9_000,
      measurements,
      evidence: noEvidence(latest),
    })
    await add(pastLatest({ at: NOON - 1_000, checkId: 'check-two' }))
    const history = historyStore(store)
    expect(await history.measurementsOf('seattle', 'check-one', NOON)).toEqual(measurements)
    expect(await history.measurementsOf('seattle', 'check-two', NOON)).toEqual([])
    expect(await history.measurementsOf('seattle', 'check-six', NOON)).toBeNull()
    expect(await history.measurementsOf('london', 'check-one', NOON)).toBeNull()
  })

  it('passes over a measurement that makes no sense, and names the office', async () => {
    const damaged: string[] = []
    const [good, odd] = [measurementOf(owedBy('m1')), { ...measurementOf(owedBy('m2')), startedAt: 1e300 }]
    const latest = pastLatest({ at: NOON, checkId: 'check-one' })
    await latestStore(store).addHistory({
      latest,
      startedAt: NOON,
      measurements: [good, odd, 7],
      evidence: noEvidence(latest),
    })
    const history = historyStore(store, (id) => void damaged.push(id))
    expect(await history.measurementsOf('seattle', 'check-one', NOON)).toEqual([good])
    expect(damaged).toEqual(['seattle'])
  })

  it('reads 30 days at one check per 15 minutes', async () => {
    for (let at = NOON - 30 * DAY; at < NOON; at += HOUR / 4) {
      const props = { c: `c${at}`, r: 'r', v: 'ppppppppp', ms: 4_000, criteria: 'local-dns@1', rtt: 4.4 }
      await store.insert(historyKey('seattle', at, `c${at}`), props)
    }
    expect(await historyStore(store).between('seattle', NOON - 31 * DAY, NOON)).toHaveLength(2_880)
  })
})
