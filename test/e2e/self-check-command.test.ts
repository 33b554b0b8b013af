import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cardKind, cardLines } from '../../src/cards/card-text.ts'
import { type LocalMode, startLocalMode, temporaryFolder } from '../support/local-mode.ts'
import { codeIn, linkOf } from '../support/self-check-link.ts'
import { type Sent, startConnector, type TestConnector } from '../support/test-connector.ts'
import { TURN_TIMEOUT_MS, takeTurn } from '../support/turns.ts'

const RUNNER = join(import.meta.dirname, '..', '..', 'src', 'runner', 'main.ts')

/** A machine behind 150 ms measures for half a minute. */
const TEST_MS = 120_000

const data = temporaryFolder()
let turn: Awaited<ReturnType<typeof takeTurn>> | undefined
let local: LocalMode
let connector: TestConnector

/** The command on a machine in the demo's world, with this on its standard input. */
function run(input: string, args: readonly string[], office: string | null = null) {
  const settings =
    office === null ? {} : { DOORSTEP_WORLD: join(data.folder, 'demo', 'world', `${office}-1.json`) }
  const own = Object.entries(process.env).filter(([key]) => !key.startsWith('DOORSTEP_'))
  const child = spawn(process.execPath, [RUNNER, 'self-check', ...args], {
    env: { ...Object.fromEntries(own), DOORSTEP_MEDIA_SECONDS: '1', ...settings },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk) => {
      said[name] += String(chunk)
    })
  }
  child.stdin.end(input)
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((done) =>
    child.once('close', (code) => done({ code, ...said })),
  )
}

async function invitation(text: string) {
  const conversationId = `self-${randomUUID()}`
  await connector.say(local.hubUrl, { text, conversationId })
  const sent = await connector.first(conversationId, ({ card }) => cardKind(card) === 'self-check')
  return { conversationId, sent, code: codeIn(linkOf(sent)) }
}

const textOf = ({ card }: Sent) => cardLines(card).join('\n')

describe('the self-check by command', { timeout: TEST_MS }, () => {
  beforeAll(async () => {
    turn = await takeTurn()
    connector = await startConnector()
    local = await startLocalMode({ data: data.folder })
  }, TURN_TIMEOUT_MS)
  afterAll(async () => {
    await local?.stop()
    await connector?.close()
    data.remove()
    await turn?.release()
  })

  it('runs every probe on the person’s machine, and the same card shows what they say', async () => {
    const { conversationId, sent, code } = await invitation('me London')
    const ran = await run(`${code}\n`, ['--hub', local.hubUrl], 'london')
    expect([ran.code, ran.stderr]).toEqual([0, expect.stringContaining('judged as London is')])
    // London's own truth, but for what an admin vouches for.
    const words = ran.stdout
      .split('\n')
      .flatMap((line) => /^([^:]+): (well|not well|not known)\./.exec(line) ?? [])
    expect(words.filter((_word, at) => at % 3 !== 0)).toEqual([
      ...['Local egress', 'not well', 'Local DNS', 'not well', 'Nearest front door', 'not well'],
      ...['No hairpin', 'not well', 'No proxy or inspection', 'well', 'Network ready', 'not known'],
      ...['Endpoint changes', 'well'],
    ])
    const card = await connector.first(conversationId, (one) => /by command/.test(textOf(one)))
    expect([card.kind, card.activityId]).toEqual(['edit', sent.activityId])
    expect(textOf(card)).toMatch(/Your connection is not well/)
    expect(textOf(card)).toMatch(/Self-reported by .*Ana Diaz/)

    // Nothing of it is an office's: nobody has checked London.
    for (const [text, kind, shows] of [
      ['status London', 'status', /never checked/],
      ['history London', 'history', /./],
      ['digest now', 'digest', /London.* never checked/],
      ['dashboard', 'dashboard', /never checked/],
    ] as const) {
      const asked = `after-${randomUUID()}`
      await connector.say(local.hubUrl, { text, conversationId: asked })
      const answer = await connector.first(
        asked,
        (one) => cardKind(one.card) === kind || cardKind(one.card) === 'refusal',
      )
      expect(textOf(answer)).toMatch(shows)
      expect(textOf(answer)).not.toMatch(/self-|London not ready|7,7\d\d/i)
    }
    // A second use of the code.
    const again = await run(`${code}\n`, ['--hub', local.hubUrl], 'london')
    expect([again.code, again.stdout]).toEqual([1, ''])
    expect(again.stderr).toMatch(/^No self-check: the hub refused the code: it is used/m)
  })

  it.each([
    ['no code', '', ['--hub', 'HUB'], 1, /that is not a self-check code: dsm_ and 32 characters/],
    ['the code of a runner', `dse_london_${'0'.repeat(32)}\n`, ['--hub', 'HUB'], 1, /not a self-check code/],
    ['a code of nobody', `dsm_${'0'.repeat(32)}\n`, ['--hub', 'HUB'], 1, /the hub refused the code/],
    ['no hub', '', [], 78, /--hub: name the hub/],
    ['a hub without TLS elsewhere', '', ['--hub', 'http://doorstep.example'], 78, /--hub/],
    [
      'a hub that is away',
      `dsm_${'0'.repeat(32)}\n`,
      ['--hub', 'http://127.0.0.1:9'],
      1,
      /the hub did not answer/,
    ],
  ])('with %s it ends with a sentence', async (_what, input, args, code, says) => {
    const named = args.map((arg) => (arg === 'HUB' ? local.hubUrl : arg))
    const ran = await run(input, named, 'seattle')
    expect([ran.code, ran.stdout]).toEqual([code, ''])
    expect(ran.stderr).toMatch(says)
    expect(ran.stderr).not.toMatch(/\n\s+at /)
  })
})
