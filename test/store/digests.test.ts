import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { type DigestSchedule, EVERY_DAY } from '../../src/core/digest.ts'
import { everyRow, type TableStore } from '../../src/core/table-store.ts'
import { digestStore, type SlotClaim } from '../../src/store/digests.ts'
import { openEmbeddedStore } from '../../src/store/embedded.ts'
import { digestKey } from '../../src/store/order-keys.ts'
import { ANA, aConversation, NOON } from '../support/check-kit.ts'
import { scratch } from '../support/scratch.ts'
import { random } from './contract.ts'

const folders = scratch('doorstep-digests-')
let store: TableStore

beforeEach(async () => {
  store = await openEmbeddedStore(await folders.make(), { random })
  return () => store.close()
})
afterAll(() => folders.remove())

const schedule = (id: string): DigestSchedule => ({
  id,
  plan: { selector: 'all', days: EVERY_DAY, time: '08:00', timeZone: 'Europe/London', mode: 'changes' },
  conversation: aConversation(),
  madeBy: ANA,
  madeAt: NOON,
})
const claim = (holder: string, slot = NOON): SlotClaim => ({ scheduleId: 'd1', slot, part: 'post', holder })
const UNTIL = NOON + 1_000

describe('digests that are kept', () => {
  it('are read back as they were put, and a damaged one harms no other', async () => {
    const damaged: string[] = []
    const digests = digestStore(store, (id) => damaged.push(id))
    await digests.put(schedule('d1'), NOON)
    await store.upsert(digestKey('d2'), { nextAt: 5, d: new Uint8Array([9]) }, 'replace')
    expect(await digests.all()).toEqual([{ schedule: schedule('d1'), nextAt: NOON }])
    expect(damaged).toEqual(['d2'])
  })

  it('move on unless somebody changed or stopped them meanwhile', async () => {
    const digests = digestStore(store)
    await digests.put(schedule('d1'), NOON)
    const before = { schedule: schedule('d1'), nextAt: NOON }
    await digests.moveOn(before, NOON + 5)
    expect((await digests.all())[0]).toEqual({ ...before, nextAt: NOON + 5 })
    await digests.moveOn(before, NOON + 9)
    expect((await digests.all())[0]?.nextAt).toBe(NOON + 5)
    expect(await digests.remove('d1')).toBe(true)
    await digests.moveOn({ ...before, nextAt: NOON + 5 }, NOON + 9)
    expect(await digests.all()).toEqual([])
    expect(await digests.remove('d1')).toBe(false)
  })

  it('remember what they said last', async () => {
    const digests = digestStore(store)
    expect(await digests.memory('d1')).toBeNull()
    const memory = {
      at: NOON,
      offices: { london: { readiness: 'not-ready', failing: ['local-dns'] } },
    } as const
    await digests.putMemory('d1', memory)
    expect(await digests.memory('d1')).toEqual(memory)
  })
})

describe('a slot', () => {
  it('is taken by one of many that ask at once', async () => {
    const digests = digestStore(store)
    const asked = Array.from({ length: 6 }, (_, index) => digests.claim(claim(`hub-${index}`), NOON, UNTIL))
    const kinds = (await Promise.all(asked)).map(({ kind }) => kind)
    expect(kinds.toSorted()).toEqual(['mine', 'taken', 'taken', 'taken', 'taken', 'taken'])
  })

  it('of a holder that died is taken over by one, which hears whether it may have been sent', async () => {
    const digests = digestStore(store)
    await digests.claim(claim('dead'), NOON, UNTIL)
    expect(await digests.claim(claim('a'), UNTIL - 1, UNTIL + 500)).toEqual({ kind: 'taken' })
    const both = await Promise.all(['a', 'b'].map((name) => digests.claim(claim(name), UNTIL, UNTIL + 500)))
    expect(both.filter(({ kind }) => kind === 'mine')).toEqual([{ kind: 'mine', sentBefore: false }])
    const winner = both[0]?.kind === 'mine' ? 'a' : 'b'
    expect(await digests.sending(claim('dead'))).toBe(false)
    expect(await digests.sending(claim(winner))).toBe(true)
    expect(await digests.claim(claim('c'), UNTIL + 500, UNTIL + 900)).toEqual({
      kind: 'mine',
      sentBefore: true,
    })
  })

  it('that is done stays done, one that is given back is taken again', async () => {
    const digests = digestStore(store)
    await digests.claim(claim('a'), NOON, UNTIL)
    await digests.giveBack(claim('a'), NOON + 10)
    expect(await digests.claim(claim('b'), NOON + 9, UNTIL)).toEqual({ kind: 'taken' })
    expect((await digests.claim(claim('b'), NOON + 10, UNTIL)).kind).toBe('mine')
    await digests.done(claim('b'), NOON)
    expect(await digests.claim(claim('a'), UNTIL + 99, UNTIL + 999)).toEqual({ kind: 'done' })
  })

  it('of long ago is forgotten when a later one ends', async () => {
    const digests = digestStore(store)
    for (const slot of [NOON - 50, NOON - 10]) await digests.claim(claim('a', slot), slot, slot)
    await digests.claim(claim('a'), NOON, UNTIL)
    await digests.done(claim('a'), NOON - 20)
    const kept = await Array.fromAsync(everyRow(store, { table: 'slots', pk: 'd1' }))
    expect(kept.map(({ rk }) => rk)).toEqual([`${NOON - 10}.post`, `${NOON}.post`])
  })
})
