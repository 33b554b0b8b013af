import { afterAll, describe, expect, it } from 'vitest'
import type { Kept } from '../../src/endpoints/kept.ts'
import { clientId, listMemory } from '../../src/runner/home.ts'
import { openHome } from '../../src/runner/home-folder.ts'
import { scratch } from '../support/scratch.ts'
import { memoryHome } from './fakes.ts'

const folders = scratch('doorstep-runner-list-')
afterAll(() => folders.remove())

const KEPT: Kept = {
  from: 'https://endpoints.office.com Worldwide',
  fetched: { version: '2026102900', entries: [{ id: 1 }] },
  newestAt: 1,
  latest: { version: '2026102900', at: 1 },
  refused: null,
  notBefore: 0,
}

describe('what a runner keeps of its endpoint list', () => {
  it('is in its folder, with its client id, for the next start', async () => {
    const folder = await folders.make()
    const home = await openHome(folder)
    expect(await listMemory(home).load()).toBeUndefined()
    await listMemory(home).save(KEPT)
    const id = await clientId(home)
    const again = await openHome(folder)
    expect(await listMemory(again).load()).toEqual(KEPT)
    expect(await clientId(again)).toBe(id)
  })

  it('is nothing that a damaged file could stop a runner with', async () => {
    const home = memoryHome()
    home.files.set('endpoint-list.json', '{"from":')
    // The source catches it, says so and fetches the list anew.
    await expect(listMemory(home).load()).rejects.toThrow()
    await listMemory(home).save(KEPT)
    expect(await listMemory(home).load()).toEqual(KEPT)
  })
})
