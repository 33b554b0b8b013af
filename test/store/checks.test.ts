import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Check, stepCheck } from '../../src/core/check.ts'
import { failed } from '../../src/core/failure.ts'
import type { TableStore } from '../../src/core/table-store.ts'
import { openAzureStore } from '../../src/store/azure-tables.ts'
import { CheckTaken, checkStore } from '../../src/store/checks.ts'
import { openEmbeddedStore } from '../../src/store/embedded.ts'
import { checkHeadKey, checkOfficeKey, checkPartition, dueKey } from '../../src/store/keys.ts'
import { type Azurite, azuriteMissing, startAzurite } from '../support/azurite.ts'
import { aCheck, measurementOf, NOON, owedBy } from '../support/check-kit.ts'
import { scratch } from '../support/scratch.ts'
import { random } from './contract.ts'

let made = 0
const folders = scratch('doorstep-checks-')
afterAll(() => folders.remove())

/** A check of its own id, planned and with what was measured, as steps of the machine. */
function planned(officeIds: readonly string[] = ['seattle']): { before: Check; after: Check } {
  const before = aCheck({ id: `check-${++made}`, officeIds })
  const owed = officeIds.flatMap((id) => [owedBy(`${id}-a`, id), owedBy(`${id}-b`, id)])
  const { check } = stepCheck(before, { type: 'planned', owed, already: [], at: NOON })
  return { before, after: check }
}
const measured = (check: Check, ids: readonly string[]) =>
  stepCheck(check, {
    type: 'measured',
    measurements: check.owed
      .filter(({ measurementId }) => ids.includes(measurementId))
      .map((owed) => measurementOf(owed, check.id)),
    at: NOON + 9,
  }).check

function suite(storeOf: () => TableStore): void {
  let damaged: string[]
  const open = () => checkStore(storeOf(), (id) => void damaged.push(id))
  beforeEach(() => {
    damaged = []
  })
  const onlyOurs = async (id: string) => (await open().unfinished()).filter((check) => check.id === id)

  it('comes back whole after each change, from another opening too', async () => {
    const checks = open()
    const { before, after } = planned(['seattle', 'london'])
    await checks.create(before)
    expect(await checks.load(before.id)).toEqual(before)
    await checks.save(before, after)
    const one = measured(after, ['seattle-a'])
    await checks.save(after, one)
    const two = measured(one, ['seattle-b', 'london-a', 'london-b'])
    await checks.save(one, two)
    expect(two.status).toBe('complete')
    expect(await open().load(before.id)).toEqual(two)
    expect(await onlyOurs(before.id)).toEqual([two])
    expect(await checks.load('none')).toBeNull()
  })

  it('knows whether a download was asked for, also of rows of before that could be', async () => {
    const checks = open()
    const asked = aCheck({ id: `check-${++made}`, download: true })
    const before = aCheck({ id: `check-${++made}` })
    for (const check of [asked, before]) await checks.create(check)
    expect((await checks.load(asked.id))?.download).toBe(true)
    expect(await checks.load(before.id)).not.toHaveProperty('download')
    expect((await onlyOurs(asked.id))[0]?.download).toBe(true)
  })

  it('goes on from what another opening took up, and the first then knows that it lost it', async () => {
    const first = open()
    const { before, after } = planned()
    await first.create(before)
    const second = open()
    await second.unfinished()
    await second.save(before, after)
    await expect(first.save(before, after)).rejects.toBeInstanceOf(CheckTaken)
    expect(await second.load(before.id)).toEqual(after)
  })

  it('is created once', async () => {
    const check = aCheck({ id: `check-${++made}` })
    await open().create(check)
    await expect(open().create(check)).rejects.toBeInstanceOf(CheckTaken)
  })

  it('does not lose what it holds when somebody only looks at it', async () => {
    const checks = open()
    const { before, after } = planned()
    await checks.create(before)
    await open().load(before.id)
    await checks.load(before.id)
    await checks.save(before, after)
    expect(await checks.load(before.id)).toEqual(after)
  })

  it('is rebuilt from its reminder when the hub died before its head was stored', async () => {
    const { before, after } = planned()
    const checks = open()
    await checks.create(before)
    await storeOf().remove(checkHeadKey(before.id))
    const again = open()
    expect((await again.unfinished()).find(({ id }) => id === before.id)).toEqual(before)
    await again.save(before, after)
    expect(await again.load(before.id)).toEqual(after)
  })

  it('is told once, and then no longer unfinished', async () => {
    const checks = open()
    const { before } = planned()
    await checks.create(before)
    await checks.forget(before)
    await checks.forget(before)
    expect(await onlyOurs(before.id)).toEqual([])
    expect(await checks.load(before.id)).toEqual(before)
  })

  it('begins anew as it was asked for when its head cannot be read', async () => {
    const { before, after } = planned()
    const checks = open()
    await checks.create(before)
    await checks.save(before, after)
    await storeOf().upsert(
      checkHeadKey(before.id),
      { status: 'dispatched', d: new Uint8Array([9]) },
      'replace',
    )
    expect(await checks.load(before.id)).toBeNull()
    const again = open()
    expect((await again.unfinished()).find(({ id }) => id === before.id)).toEqual(before)
    await again.save(before, after)
    expect(await again.load(before.id)).toEqual(after)
    expect(damaged).toContain(before.id)
  })

  it('does not keep others from being taken up when nothing of it can be read', async () => {
    const { before } = planned()
    await open().create(before)
    const bad = aCheck({ id: `check-${++made}` })
    await storeOf().upsert(
      dueKey(bad.deadline, bad.id),
      { checkId: bad.id, d: new Uint8Array([9]) },
      'replace',
    )
    expect(await onlyOurs(before.id)).toEqual([before])
    expect(await onlyOurs(bad.id)).toEqual([])
    expect(damaged).toContain(bad.id)
  })

  it('goes on without the measurements of a row that cannot be read', async () => {
    const checks = open()
    const { before, after } = planned(['seattle', 'london'])
    await checks.create(before)
    await checks.save(before, after)
    const one = measured(after, ['seattle-a', 'london-a'])
    await checks.save(after, one)
    await storeOf().upsert(checkOfficeKey(before.id, 'london'), { d: new Uint8Array([9]) }, 'replace')
    expect(Object.keys((await open().load(before.id))?.measurements ?? {})).toEqual(['seattle-a'])
    expect(damaged).toEqual([before.id])
  })

  it('stores many offices at once, heads last, and ignores rows of a plan that never was', async () => {
    const checks = open()
    const officeIds = Array.from({ length: 13 }, (_, at) => `o${at}`)
    const { before, after } = planned(officeIds)
    await checks.create(before)
    await checks.save(before, after)
    const all = measured(
      after,
      after.owed.map(({ measurementId }) => measurementId),
    )
    await checks.save(after, all)
    expect(await open().load(before.id)).toEqual(all)
    // As a crash between two batches leaves it: rows are there, the head is the one from before.
    const head = aCheck({ ...before })
    const { measurements, ...rest } = head
    const { pack } = await import('../../src/store/packed.ts')
    await storeOf().upsert(checkHeadKey(before.id), pack({ ...rest, measurements }), 'replace')
    expect((await open().load(before.id))?.measurements).toEqual({})
  })

  it('keeps late measurements beside it, the first of each', async () => {
    const checks = open()
    const { before } = planned()
    await checks.create(before)
    const late = measurementOf(owedBy('seattle-a'), before.id)
    await checks.keepLate(late)
    await checks.keepLate({ ...late, outcome: failed('timeout') })
    expect(await checks.load(before.id)).toEqual(before)
    const { rows } = await storeOf().query({
      table: 'checks',
      pk: checkPartition(before.id),
      rkPrefix: 'late:',
    })
    expect(rows).toHaveLength(1)
  })

  it('gives an activity that comes again the id that its first delivery chose', async () => {
    const checks = open()
    const name = `a:${++made}`
    expect(await checks.claimActivity(name, '1', 'first')).toBe('first')
    expect(await checks.claimActivity(name, '1', 'second')).toBe('first')
    expect(await open().claimActivity(name, '1', 'third')).toBe('first')
    expect(await checks.claimActivity(name, '2', 'fourth')).toBe('fourth')
    const many = Array.from({ length: 10 }, (_, at) => checks.claimActivity(name, '3', `id-${at}`))
    expect(new Set(await Promise.all(many)).size).toBe(1)
  })
}

describe('a check in the embedded store', () => {
  let store: TableStore
  beforeAll(async () => {
    store = await openEmbeddedStore(await folders.make(), { random })
    return () => store.close()
  })
  suite(() => store)
})

const missing = azuriteMissing()
// Skipped only where the emulator is not installed; the reason is in the suite's name.
describe.skipIf(missing)(`a check in Azure Tables${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let azurite: Azurite
  let store: TableStore
  beforeAll(async () => {
    azurite = await startAzurite()
    store = await openAzureStore({ connectionString: azurite.connectionString() }, { random })
    await store.ensure(['checks', 'due', 'seen'])
    return async () => {
      await store.close()
      await azurite.stop()
    }
  })
  suite(() => store)
})
