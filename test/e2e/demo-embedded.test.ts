import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cardKind } from '../../src/cards/card-text.ts'
import { DEMO_TRUTH } from '../../src/local/demo/truth.ts'
import type { FolderLock } from '../../src/store/folder-lock.ts'
import { checkAgainstTruth, DEMO_OFFICES } from '../support/demo-verdicts.ts'
import { type LocalMode, startLocalMode, temporaryFolder } from '../support/local-mode.ts'
import { lettersOf, startConnector, type TestConnector } from '../support/test-connector.ts'
import { TURN_TIMEOUT_MS, takeTurn } from '../support/turns.ts'

const data = temporaryFolder()
let turn: FolderLock
let local: LocalMode
let connector: TestConnector

beforeAll(async () => {
  turn = await takeTurn()
  connector = await startConnector()
  local = await startLocalMode({ data: data.folder })
}, TURN_TIMEOUT_MS)

afterAll(async () => {
  await local?.stop()
  await connector?.close()
  data.remove()
  turn?.release()
})

describe('the demo on the embedded store', () => {
  it.each(DEMO_OFFICES)(
    'finds the truth of %s, criterion by criterion, on one living card',
    async (office) => {
      await checkAgainstTruth(connector, local.hubUrl, office)
    },
    120_000,
  )

  it('still knows every verdict after a restart on other ports', async () => {
    await local.stop()
    local = await startLocalMode({ data: data.folder })
    for (const office of DEMO_OFFICES) {
      const { final } = await connector.ask(local.hubUrl, `status ${office}`)
      expect(cardKind(final.card)).toBe('status')
      expect(lettersOf(final.card), office).toBe(DEMO_TRUTH[office])
    }
  }, 240_000)
})
