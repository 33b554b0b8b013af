import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TableStore } from '../../src/core/table-store.ts'
import { openAzureStore } from '../../src/store/azure-tables.ts'
import { openEmbeddedStore } from '../../src/store/embedded.ts'
import { type Azurite, azuriteMissing, startAzurite } from '../support/azurite.ts'
import { scratch } from '../support/scratch.ts'
import { random } from './contract.ts'
import { type Ours, WALKS } from './walks.ts'
import { ALERT_WALKS } from './walks-alerts.ts'

const STORES = join(import.meta.dirname, '..', '..', 'src', 'store')
const ALL = { ...WALKS, ...ALERT_WALKS }
const folders = scratch('doorstep-both-')
afterAll(() => folders.remove())

/** Notes which functions are called, and which there are. */
function watched() {
  const unused = new Set<string>()
  const ours: Ours = (store) => {
    for (const name of Object.keys(store)) unused.add(name)
    return new Proxy(store, {
      get(target, name, receiver) {
        unused.delete(String(name))
        return Reflect.get(target, name, receiver)
      },
    })
  }
  return { ours, unused }
}

function suite(storeOf: () => TableStore): void {
  it.each(Object.keys(ALL))('does all that is kept of %s', async (name) => {
    const { ours, unused } = watched()
    await ALL[name]?.(storeOf(), ours)
    expect([...unused]).toEqual([])
  })
}

describe('the embedded store', () => {
  let store: TableStore
  beforeAll(async () => {
    store = await openEmbeddedStore(await folders.make(), { random })
    return () => store.close()
  })
  suite(() => store)
})

const missing = azuriteMissing()
// Skipped only where the emulator is not installed; the reason is in the suite's name.
describe.skipIf(missing)(`the Azure Tables store${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let azurite: Azurite
  let store: TableStore
  beforeAll(async () => {
    azurite = await startAzurite()
    store = await openAzureStore({ connectionString: azurite.connectionString() }, { random })
    return async () => {
      await store.close()
      await azurite.stop()
    }
  })
  suite(() => store)
})

it('leaves no store out', () => {
  const walks = ['walks.ts', 'walks-alerts.ts'].map((file) =>
    readFileSync(join(import.meta.dirname, file), 'utf8'),
  )
  const made = readdirSync(STORES).flatMap((file) => [
    ...readFileSync(join(STORES, file), 'utf8').matchAll(/^export function (\w+(?:Store|Reader))\($/gm),
    ...readFileSync(join(STORES, file), 'utf8').matchAll(/^export function (\w+(?:Store|Reader))\(store/gm),
  ])
  expect(made.length).toBeGreaterThan(15)
  expect(made.map(([, name = '']) => name).filter((name) => !walks.join().includes(`${name}(table`))).toEqual(
    [],
  )
})
