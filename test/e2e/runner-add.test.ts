import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { cardLines } from '../../src/cards/card-text.ts'
import type { FolderLock } from '../../src/store/folder-lock.ts'
import { type LocalMode, startLocalMode, temporaryFolder } from '../support/local-mode.ts'
import { nodesOf, startConnector, type TestConnector } from '../support/test-connector.ts'
import { TURN_TIMEOUT_MS, takeTurn } from '../support/turns.ts'

const RUNNER = join(import.meta.dirname, '..', '..', 'src', 'runner', 'main.ts')

const data = temporaryFolder()
const home = temporaryFolder()
let turn: FolderLock
let local: LocalMode
let connector: TestConnector
let running: ChildProcessWithoutNullStreams | undefined

beforeAll(async () => {
  turn = await takeTurn()
  connector = await startConnector()
  local = await startLocalMode({ data: data.folder })
}, TURN_TIMEOUT_MS)

afterAll(async () => {
  if (running && running.exitCode === null) {
    running.kill('SIGKILL')
    await once(running, 'exit')
  }
  await local?.stop()
  await connector?.close()
  for (const folder of [data, home]) folder.remove()
  turn?.release()
})

/** The runner's own program, as somebody starts it on a machine in the office. */
function runner(...args: readonly string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [RUNNER, ...args, '--home', home.folder], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

/** Ends when a program has said something. */
function saying(child: ChildProcessWithoutNullStreams, words: string): Promise<void> {
  let heard = ''
  return new Promise((done, gone) => {
    child.once('exit', () => gone(new Error(`it ended: ${heard}`)))
    child.stderr.on('data', (chunk: Buffer) => {
      heard += chunk
      if (heard.includes(words)) done()
    })
  })
}

const ask = async (said: string) => (await connector.ask(local.hubUrl, said)).final.card
const lines = (card: unknown): string => cardLines(card as object).join('\n')

it('a code from the chat makes the real program a runner, once', { timeout: 120_000 }, async () => {
  const card = await ask('runner add Lyon')
  const fields = nodesOf(card).filter((node) => node['type'] === 'Input.Text')
  const code = String(fields.find((node) => node['id'] === 'code')?.['value'])
  expect(code).toMatch(/^dse_[a-z0-9-]+_[0-9A-Z]{32}$/)
  expect(String(fields.find((node) => node['id'] === 'lines')?.['value'])).toContain(
    `enroll --hub ${local.hubUrl}`,
  )

  const joining = runner('enroll', '--hub', local.hubUrl)
  joining.stdin.end(code)
  const [said, [status]] = await Promise.all([text(joining.stderr), once(joining, 'exit')])
  expect(status, said).toBe(0)
  running = runner('run', '--exit-with-stdin', '--list-on-demand')

  await saying(running, 'the hub knows this runner')
  // Its first poll is on its way by now.
  let shown = ''
  for (let tries = 0; tries < 50 && !/lyon-2[\s\S]*online/.test(shown); tries++) {
    shown = lines(await ask('runners Lyon'))
  }
  expect(shown).toMatch(/lyon-2[\s\S]*online · version \d/)

  const again = runner('enroll', '--hub', local.hubUrl)
  again.stdin.end(code)
  expect((await once(again, 'exit'))[0]).not.toBe(0)
  expect(lines(await ask('audit'))).not.toContain(code.slice(-32))
})
