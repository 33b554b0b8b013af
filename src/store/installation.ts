import type { TableStore } from '../core/table-store.ts'
import { metaKey } from './keys.ts'
import { pack, unpack } from './packed.ts'

/** What an installation knows of itself, whatever the number of its hubs. */
export interface InstallationStore {
  /**
   * The GUID by which Microsoft's endpoint web service tells clients apart. The first hub's `make` decides for ever; every
   * other, and every later start, gets the same.
   */
  clientId(make: () => string): Promise<string>
  /** What was kept of the endpoint list; undefined when nothing was, or it is damaged. Read by `endpoints/kept.ts`. */
  loadEndpointList(): Promise<unknown>
  /** Keeps a JSON value of up to about 4 MB as text; deflated, the list is 15 KB. */
  saveEndpointList(value: unknown): Promise<void>
}

const CLIENT_ID = metaKey('client-id')
const ENDPOINT_LIST = metaKey('endpoint-list')

/** Rows `client-id` and `endpoint-list` of the table `meta`. */
export function installationStore(store: TableStore): InstallationStore {
  async function storedId(): Promise<string | null> {
    const value = (await store.get(CLIENT_ID))?.props['value']
    return typeof value === 'string' ? value : null
  }
  return {
    async clientId(make) {
      const stored = await storedId()
      if (stored !== null) return stored
      const made = make()
      const written = await store.insert(CLIENT_ID, { value: made })
      return written.ok ? made : ((await storedId()) ?? made)
    },
    async loadEndpointList() {
      const row = await store.get(ENDPOINT_LIST)
      return row === undefined ? undefined : unpack(row.props)
    },
    async saveEndpointList(value) {
      await store.upsert(ENDPOINT_LIST, pack(value), 'replace')
    },
  }
}
