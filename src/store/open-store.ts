import type { StoreChoice } from '../core/store-choice.ts'
import type { TableStore } from '../core/table-store.ts'
import type { AzureDeps } from './azure-tables.ts'
import type { EmbeddedDeps } from './embedded.ts'

/** What both adapters need, and the settings that tests change. */
export type StoreDeps = EmbeddedDeps & AzureDeps

/** Opens the configured store. Throws `CannotOpenStore`. Each adapter is loaded only when it is chosen. */
export async function openStore(choice: StoreChoice, deps: StoreDeps): Promise<TableStore> {
  if (choice.kind === 'embedded') {
    const { openEmbeddedStore } = await import('./embedded.ts')
    return openEmbeddedStore(choice.folder, deps)
  }
  const { openAzureStore } = await import('./azure-tables.ts')
  return openAzureStore(choice, deps)
}
