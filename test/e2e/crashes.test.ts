import { platform } from 'node:os'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { cardKind } from '../../src/cards/card-text.ts'
import { DEMO_TRUTH } from '../../src/local/demo/truth.ts'
import type { FolderLock } from '../../src/store/folder-lock.ts'
import { type LocalMode, startLocalMode, temporaryFolder, untilDead } from '../support/local-mode.ts'
import { isFinal, lettersOf, startConnector, type TestConnector } from '../support/test-connector.ts'
import { TURN_TIMEOUT_MS, takeTurn } from '../support/turns.ts'

const data = temporaryFolder()
let turn: FolderLock
let local: LocalMode
let connector: TestConnector

beforeAll(async () => {
  turn = await takeTurn()
  connector = await startConnector()
}, TURN_TIMEOUT_MS)

afterEach(async () => {
  await local?.stop()
})

afterAll(async () => {
  await connector?.close()
  data.remove()
  turn?.release()
})

/** London's check takes ten seconds: time to crash in. The first edit tells that measurements are coming in. */
async function londonUnderWay(): Promise<string> {
  const { conversationId } = await connector.say(local.hubUrl, { text: 'check office London' })
  await connector.first(conversationId, ({ kind }) => kind === 'edit')
  return conversationId
}

/** Its children end within this: the hub and the runners take less than 2 s, and are ended after that. */
const CHILDREN_MS = 5_000

describe.skipIf(platform() === 'win32')('after kill -9 (needs ps and signals)', { timeout: 240_000 }, () => {
  it('of the hub in the middle of a check, a new hub ends the check in the same card', async () => {
    local = await startLocalMode({ data: data.folder })
    const conversationId = await londonUnderWay()
    const hubs = local.pidsOf('main.ts hub')
    expect(hubs).toHaveLength(1)
    for (const pid of hubs) process.kill(pid, 'SIGKILL')
    const final = await connector.first(conversationId, isFinal)
    expect(lettersOf(final.card)).toBe(DEMO_TRUTH.London)
    expect(connector.to(conversationId).filter(({ kind }) => kind === 'post')).toHaveLength(1)
  })

  it('of everything in the middle of a check, the next start on the folder ends it in the same card', async () => {
    local = await startLocalMode({ data: data.folder })
    const conversationId = await londonUnderWay()
    await local.killAll()
    expect(connector.to(conversationId).some(isFinal)).toBe(false)
    local = await startLocalMode({ data: data.folder })
    const final = await connector.first(conversationId, isFinal)
    expect(['ready', 'not-ready', 'unproven']).toContain(cardKind(final.card))
    expect(connector.to(conversationId).filter(({ kind }) => kind === 'post')).toHaveLength(1)
  })

  it('of the supervisor alone, every program that it started ends', async () => {
    local = await startLocalMode({ data: data.folder })
    const children = local.pidsOf('')
    expect(children.length).toBeGreaterThanOrEqual(6)
    process.kill(local.pid, 'SIGKILL')
    await untilDead(children, CHILDREN_MS)
    // The lock died with it: the folder is free at once.
    local = await startLocalMode({ data: data.folder })
  })
})
