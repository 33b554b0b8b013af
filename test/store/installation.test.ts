import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TableStore } from '../../src/core/table-store.ts'
import recorded from '../../src/endpoints/snapshot-worldwide.json' with { type: 'json' }
import { openAzureStore } from '../../src/store/azure-tables.ts'
import { openEmbeddedStore } from '../../src/store/embedded.ts'
import { installationStore } from '../../src/store/installation.ts'
import { metaKey } from '../../src/store/keys.ts'
import { type Azurite, azuriteMissing, startAzurite } from '../support/azurite.ts'
import { scratch } from '../support/scratch.ts'
import { random } from './contract.ts'

const folders = scratch('doorstep-installation-')
afterAll(() => folders.remove())

function suite(storeOf: () => TableStore): void {
  const open = () => installationStore(storeOf())

  it('has one client id for ever, whoever of several hubs makes it', async () => {
    const asked = await Promise.all(['a', 'b', 'c'].map((id) => open().clientId(() => id)))
    expect(new Set(asked).size).toBe(1)
    expect(await open().clientId(() => 'later')).toBe(asked[0])
  })

  it('keeps the endpoint list whole, also one that is longer than a property', async () => {
    expect(await open().loadEndpointList()).toBeUndefined()
    const kept = { from: 'x', entries: recorded.endpoints }
    await open().saveEndpointList(kept)
    expect(await open().loadEndpointList()).toEqual(kept)
    const long = { from: 'x', entries: Array.from({ length: 9000 }, () => random.hex(8)) }
    await open().saveEndpointList(long)
    expect(await open().loadEndpointList()).toEqual(long)
    await open().saveEndpointList(kept)
    expect(await open().loadEndpointList()).toEqual(kept)
  })

  it('takes a damaged row for none', async () => {
    await storeOf().upsert(metaKey('endpoint-list'), { d: new Uint8Array([1, 2, 3]) }, 'replace')
    expect(await open().loadEndpointList()).toBeUndefined()
  })
}

describe('the installation in the embedded store', () => {
  let store: TableStore
  beforeAll(async () => {
    store = await openEmbeddedStore(await folders.make(), { random })
    return () => store.close()
  })
  suite(() => store)
})

const missing = azuriteMissing()
// Skipped only where the emulator is not installed; the reason is in the suite's name.
describe.skipIf(missing)(`the installation in Azure Tables${missing ? ` (skipped: ${missing})` : ''}`, () => {
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
