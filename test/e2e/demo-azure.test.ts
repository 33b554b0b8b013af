import { afterAll, beforeAll, describe, it } from 'vitest'
import type { DemoOffice } from '../../src/local/demo/truth.ts'
import type { FolderLock } from '../../src/store/folder-lock.ts'
import { type Azurite, azuriteMissing, startAzurite } from '../support/azurite.ts'
import { checkAgainstTruth } from '../support/demo-verdicts.ts'
import { type LocalMode, startLocalMode, temporaryFolder } from '../support/local-mode.ts'
import { startConnector, type TestConnector } from '../support/test-connector.ts'
import { TURN_TIMEOUT_MS, takeTurn } from '../support/turns.ts'

/** The store is what is other than in the demo: a verdict of each kind, the slow ones left out. */
const OFFICES: readonly DemoOffice[] = ['Seattle', 'Tokyo', 'Lyon']

const missing = azuriteMissing()
const data = temporaryFolder()
let turn: FolderLock
let azurite: Azurite
let local: LocalMode
let connector: TestConnector

describe.skipIf(missing !== undefined)(
  `the demo on Azure Tables${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    beforeAll(async () => {
      turn = await takeTurn()
      azurite = await startAzurite('table')
      connector = await startConnector()
      local = await startLocalMode({
        data: data.folder,
        env: { DOORSTEP_STORE: azurite.connectionString() },
      })
    }, TURN_TIMEOUT_MS)

    afterAll(async () => {
      await local?.stop()
      await connector?.close()
      await azurite?.stop()
      data.remove()
      turn?.release()
    })

    it.each(OFFICES)(
      'finds the truth of %s, criterion by criterion, on one living card',
      async (office) => {
        await checkAgainstTruth(connector, local.hubUrl, office)
      },
      120_000,
    )
  },
)
