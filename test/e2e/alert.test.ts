import { randomUUID } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cardKind, cardLines } from '../../src/cards/card-text.ts'
import type { FolderLock } from '../../src/store/folder-lock.ts'
import { type LocalMode, startLocalMode, temporaryFolder } from '../support/local-mode.ts'
import { until } from '../support/settle.ts'
import { type Sent, startConnector, type TestConnector } from '../support/test-connector.ts'
import { TURN_TIMEOUT_MS, takeTurn } from '../support/turns.ts'

/** One judgement is enough: how several are weighed is looked at without programs. */
const ENV = { DOORSTEP_CONFIRM: '1/1' }

const data = temporaryFolder()
const channel = `alerts-${randomUUID()}`
let turn: FolderLock
let local: LocalMode
let connector: TestConnector

beforeAll(async () => {
  turn = await takeTurn()
  connector = await startConnector()
  local = await startLocalMode({ data: data.folder, env: ENV })
  // Checked just now, so that no order begins a check of its own that ours would join.
  await connector.ask(local.hubUrl, 'check office Seattle')
}, TURN_TIMEOUT_MS)

afterAll(async () => {
  await local?.stop()
  await connector?.close()
  data.remove()
  turn?.release()
})

const LIMIT = 'limit Seattle network-ready'
const textOf = ({ card }: Sent) => cardLines(card).join('\n')
const say = async (text: string, shows: RegExp) => {
  await connector.say(local.hubUrl, { text, conversationId: channel })
  return connector.first(channel, (sent) => shows.test(textOf(sent)))
}
const alerts = () => connector.to(channel).filter(({ card }) => cardKind(card) === 'alert')
const alertThat = (shows: RegExp) =>
  connector.first(channel, (sent) => cardKind(sent.card) === 'alert' && shows.test(textOf(sent)))

/** Ends the runners, which are started again and read their world files anew. */
async function runnersAnew(): Promise<void> {
  const online = async () =>
    ((await (await fetch(`${local.hubUrl}/healthz`)).json()) as { runnersOnline: readonly string[] })
      .runnersOnline
  for (const pid of local.pidsOf('runner/main.ts run')) process.kill(pid, 'SIGKILL')
  await until(async () => !(await online()).includes('seattle-1'))
  await until(async () => (await online()).includes('seattle-1'))
}

describe('alerts of the demo, with real programs', { timeout: 120_000 }, () => {
  it('tell once that an office is not ready and who changed its limit, and on the same card that it passes again', async () => {
    await say('alert Seattle about not-ready', /Alerts will come here/)
    await say(`${LIMIT} 1 ms until 2027-06-01 because the test says so`, /Network ready of Seattle: 1.ms/)
    await connector.ask(local.hubUrl, 'check office Seattle')
    const told = await alertThat(/Seattle is not ready/)
    expect(textOf(told)).toMatch(/It fails Network ready/)
    expect(textOf(told)).toMatch(/set the limit of Network ready of 1.ms/)
    await say(`${LIMIT} off`, /is Microsoft’s again/)
    await connector.ask(local.hubUrl, 'check office Seattle')
    const over = await alertThat(/What failed in Seattle passes again/)
    expect(over.kind).toBe('edit')
    expect(alerts().filter(({ kind }) => kind === 'post')).toHaveLength(1)
  })

  it('tell once that an office leaves by another address, and on the same card that it is back', async () => {
    const file = join(data.folder, 'demo', 'world', 'seattle-1.json')
    const own = await readFile(file)
    await say('alert Seattle about egress', /Alerts will come here/)
    // Its line goes out where Tokyo's does, as after a carrier's mistake.
    await writeFile(file, await readFile(join(data.folder, 'demo', 'world', 'tokyo-1.json')))
    await runnersAnew()
    await connector.ask(local.hubUrl, 'check office Seattle')
    const told = await alertThat(/Seattle leaves by another address/)
    expect(textOf(told)).toMatch(/From .*203.* to .*203/)
    // The alert stays: what its buttons ask for comes below.
    await connector.press(local.hubUrl, told, 'Register this address')
    const preview = await connector.first(channel, (sent) => /Change Seattle\?/.test(textOf(sent)))
    expect([preview.kind, preview.activityId === told.activityId]).toEqual(['post', false])
    await writeFile(file, own)
    await runnersAnew()
    await connector.ask(local.hubUrl, 'check office Seattle')
    const over = await alertThat(/Seattle leaves by a known address again/)
    expect([told.kind, over.kind, over.activityId]).toEqual(['post', 'edit', told.activityId])
  })

  it('are muted by a freeze, over a restart, and come when it is taken back', async () => {
    const before = alerts().length
    await say('freeze Seattle until 4 h because the carrier moves the line', /Seattle is frozen/)
    await say(`${LIMIT} 2 ms until 2027-06-01 because the test says so`, /Network ready of Seattle: 2.ms/)
    await connector.ask(local.hubUrl, 'check office Seattle')
    await local.stop()
    local = await startLocalMode({ data: data.folder, env: ENV })
    await say('alert list', /Alerts of this conversation/)
    await say('freeze list', /Seattle.*the carrier moves the line/)
    expect(alerts()).toHaveLength(before)
    await say('unfreeze Seattle', /Seattle is no longer frozen/)
    const told = await connector.first(
      channel,
      (sent) => sent.kind === 'post' && /limit of Network ready of 2.ms/.test(textOf(sent)),
    )
    expect(textOf(told)).toMatch(/Seattle is not ready/)
  })
})
