import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { ListChange } from '../../src/core/list-change.ts'
import type { TableStore } from '../../src/core/table-store.ts'
import { openEmbeddedStore } from '../../src/store/embedded.ts'
import { listChangeStore } from '../../src/store/list-changes.ts'
import { scratch } from '../support/scratch.ts'
import { random } from './contract.ts'

const folders = scratch('doorstep-list-changes-')
let store: TableStore
beforeEach(async () => {
  store = await openEmbeddedStore(await folders.make(), { random })
  return () => store.close()
})
afterAll(() => folders.remove())

const change = (version: string): ListChange => ({ version, before: '2026102900', at: 1, sets: [] })

describe('what new endpoint lists changed', () => {
  it('is kept newest first, ten at most', async () => {
    for (let at = 10; at < 22; at++)
      expect(await listChangeStore(store).add(change(`20261101${at}`))).toBe(true)
    const kept = (await listChangeStore(store).all()).map(({ version }) => version)
    expect(kept).toHaveLength(10)
    expect(kept[0]).toBe('2026110121')
  })

  it('is added by one of two hubs that take the list at once', async () => {
    const added = await Promise.all([1, 2].map(() => listChangeStore(store).add(change('2026110200'))))
    expect(added.filter(Boolean)).toHaveLength(1)
    expect(await listChangeStore(store).all()).toHaveLength(1)
  })

  it('loses nothing when two hubs add different lists at once', async () => {
    await Promise.all(
      ['2026110200', '2026110300'].map((version) => listChangeStore(store).add(change(version))),
    )
    expect(await listChangeStore(store).all()).toHaveLength(2)
  })
})
