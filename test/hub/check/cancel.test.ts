import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { TableStore } from '../../../src/core/table-store.ts'
import { HUB_TIMES } from '../../../src/hub/times.ts'
import { openEmbeddedStore } from '../../../src/store/embedded.ts'
import { random } from '../../store/contract.ts'
import { ANA, aConversation, BO, OWED_BY_ONE } from '../../support/check-kit.ts'
import { aRequest, openDesk } from '../../support/desk-kit.ts'
import { scratch } from '../../support/scratch.ts'
import { type TestClock, testClock } from '../../support/test-clock.ts'

const folders = scratch('doorstep-cancel-')
let store: TableStore
let clock: TestClock

beforeEach(async () => {
  clock = testClock()
  store = await openEmbeddedStore(await folders.make(), { random })
  return () => store.close()
})
afterAll(() => folders.remove())

describe('a check that is stopped', () => {
  it('tells everybody who joined, gives runners no more of it and leaves no verdict', async () => {
    const kit = openDesk({ store, clock })
    await kit.desk.begin(aRequest('c1'))
    await kit.pass(200)
    await kit.desk.begin(aRequest('c2', { conversation: aConversation('19:team'), askedBy: BO }))
    await kit.pass(200)
    const [first, ...others] = kit.work()
    if (!first) throw new Error('the runner owes nothing')
    void kit.desk.keep(first)
    expect(others).toHaveLength(OWED_BY_ONE - 1)
    // What is in and not stored yet counts: the stop stores it first.
    expect(await kit.desk.cancel('c1', BO)).toBe(true)
    expect(kit.work()).toEqual([])
    expect(kit.desk.running()).toEqual([])
    await kit.pass(5_000, 250)
    const check = await kit.checks.load('c1')
    expect(check).toMatchObject({ status: 'delivered', cancelledBy: BO })
    expect(Object.keys(check?.measurements ?? {})).toEqual([first.measurementId])
    const standing = [...kit.speaker.standing.values()]
    expect(standing.map(({ conversationId }) => conversationId)).toEqual(['a:ana', '19:team'])
    for (const { card } of standing) expect(card).toMatchObject({ final: true, received: 1 })
    expect(await kit.latest.get('seattle')).toBeNull()
    expect((await store.query({ table: 'hist202511', pk: 'seattle' })).rows).toEqual([])
    // A runner that was in the middle of it is thanked, and nothing changes any more.
    expect(await kit.desk.keep(others[0] ?? first)).toBe('late')
  })

  it('before it is planned ends all the same', async () => {
    const kit = openDesk({ store, clock })
    const begun = kit.desk.begin(aRequest('c1'))
    const stopped = kit.desk.cancel('c1', ANA)
    await begun
    expect(await stopped).toBe(true)
    await kit.pass(HUB_TIMES.deadline + 5_000, 500)
    expect(await kit.checks.load('c1')).toMatchObject({ status: 'delivered', cancelledBy: ANA })
    expect(kit.log.lines.filter(({ level }) => level === 'error')).toEqual([])
    expect(await kit.latest.get('seattle')).toBeNull()
  })

  it('a second time, after its end, or without ever having been is not stopped', async () => {
    const kit = openDesk({ store, clock })
    expect(await kit.desk.cancel('c1', ANA)).toBe(false)
    await kit.desk.begin(aRequest('c1'))
    await kit.pass(200)
    expect(await kit.desk.cancel('c1', ANA)).toBe(true)
    expect(await kit.desk.cancel('c1', BO)).toBe(false)
    await kit.desk.begin(aRequest('c3'))
    await kit.measureAll()
    expect(await kit.desk.cancel('c3', BO)).toBe(false)
    expect((await kit.checks.load('c3'))?.cancelledBy).toBeUndefined()
  })

  it('makes room at once: the next request for the office begins a new check', async () => {
    const kit = openDesk({ store, clock })
    await kit.desk.begin(aRequest('c1'))
    await kit.pass(200)
    await kit.desk.cancel('c1', ANA)
    expect(await kit.desk.begin(aRequest('c2'))).toEqual({ kind: 'began' })
  })
})
