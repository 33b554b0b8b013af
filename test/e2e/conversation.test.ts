import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cardKind, cardLines } from '../../src/cards/card-text.ts'
import { DEMO_PEOPLE } from '../../src/local/connector/people.ts'
import { DEMO_TRUTH } from '../../src/local/demo/truth.ts'
import type { FolderLock } from '../../src/store/folder-lock.ts'
import { type LocalMode, runLocal, startLocalMode, temporaryFolder } from '../support/local-mode.ts'
import { isFinal, lettersOf, startConnector, type TestConnector } from '../support/test-connector.ts'
import { TURN_TIMEOUT_MS, takeTurn } from '../support/turns.ts'

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts')
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

/** Checks that were closed so far, for one office. */
const closed = (office: string) =>
  local.log().filter((line) => line.includes('"check closed"') && line.includes(`"office":"${office}"`))
    .length

describe('a conversation over HTTP', { timeout: 120_000 }, () => {
  it('makes one check of an activity that is delivered twice at once', async () => {
    const before = closed('seattle')
    const asked = { text: 'check office Seattle', conversationId: `twice-${randomUUID()}`, id: randomUUID() }
    const both = await Promise.all([connector.say(local.hubUrl, asked), connector.say(local.hubUrl, asked)])
    expect(both.map(({ status }) => status)).toEqual([200, 200])
    await connector.first(asked.conversationId, isFinal)
    expect((await connector.say(local.hubUrl, asked)).status).toBe(200)
    await connector.ask(local.hubUrl, 'help')
    expect(connector.to(asked.conversationId).filter(({ kind }) => kind === 'post')).toHaveLength(1)
    expect(closed('seattle')).toBe(before + 1)
  })

  it('lets a second person join the check that runs', async () => {
    const before = closed('london')
    const [ana, kenji] = DEMO_PEOPLE
    const first = await connector.say(local.hubUrl, { text: 'check London', person: ana })
    const second = await connector.say(local.hubUrl, {
      text: 'check office london',
      ...(kenji ? { person: kenji } : {}),
    })
    const finals = await Promise.all(
      [first, second].map(({ conversationId }) => connector.first(conversationId, isFinal)),
    )
    expect(finals.map(({ card }) => lettersOf(card))).toEqual([DEMO_TRUTH.London, DEMO_TRUTH.London])
    for (const { conversationId } of [first, second]) {
      expect(connector.to(conversationId).filter(({ kind }) => kind === 'post')).toHaveLength(1)
    }
    expect(closed('london')).toBe(before + 1)
  })

  it('answers check all with one summary of the five offices, without the machine itself', async () => {
    const { final, conversationId } = await connector.ask(local.hubUrl, 'check all')
    expect(cardKind(final.card)).toBe('summary')
    const lines = cardLines(final.card)
    const names = lines.slice(0, -1).map((line) => line.split(' ')[0])
    expect(names.toSorted()).toEqual(['London', 'Lyon', 'Seattle', 'Sydney', 'Tokyo'])
    expect(lines.at(-1)).toBe('readiness not-ready')
    expect(connector.to(conversationId).filter(({ kind }) => kind === 'post')).toHaveLength(1)
    expect(closed('here')).toBe(0)
  })

  it('stops a check for everybody who waits for it, keeps the verdict before, and checks again', async () => {
    const before = closed('london')
    const [ana, kenji] = DEMO_PEOPLE
    const first = await connector.say(local.hubUrl, { text: 'check London', person: ana })
    const second = await connector.say(local.hubUrl, {
      text: 'check London',
      ...(kenji ? { person: kenji } : {}),
    })
    const { conversationId } = first
    await connector.first(second.conversationId, ({ card }) => cardKind(card) === 'progress')
    await connector.say(local.hubUrl, { text: 'cancel', person: ana, conversationId, id: randomUUID() })
    const stopped = await Promise.all(
      [first, second].map((place) =>
        connector.first(place.conversationId, ({ card }) => cardKind(card) === 'cancelled'),
      ),
    )
    for (const { card } of stopped) expect(cardLines(card).join('\n')).toContain('London was stopped')
    expect(closed('london')).toBe(before)
    await connector.say(local.hubUrl, { text: 'recheck', person: ana, conversationId, id: randomUUID() })
    const final = await connector.first(
      conversationId,
      ({ card }) => cardKind(card) !== 'progress' && lettersOf(card) === DEMO_TRUTH.London,
    )
    expect(cardKind(final.card)).toBe('not-ready')
    expect(closed('london')).toBe(before + 1)
  })

  it.each([
    ['why London local-dns', 'why', /800 km/],
    ['status Seattle', 'status', /Seattle/],
    ['status', 'status', /Tokyo/],
    ['offices', 'offices', /Lyon/],
    ['help', 'help', /check office/],
    ['about', 'about', /Runners 5 online, 1 silent/],
    ['endpoints', 'form', /Endpoint list .*Older evidence/s],
  ])('answers %s', async (text, kind, says) => {
    const { final } = await connector.ask(local.hubUrl, text)
    expect(cardKind(final.card)).toBe(kind)
    expect(cardLines(final.card).join('\n')).toMatch(says)
  })

  it('shows the raw samples behind a verdict in place of the why card, and leads back', async () => {
    const { final, conversationId } = await connector.ask(local.hubUrl, 'why London local-dns')
    await connector.press(local.hubUrl, final, 'Samples')
    const samples = await connector.first(conversationId, ({ card }) => cardKind(card) === 'samples')
    expect(samples.activityId).toBe(final.activityId)
    expect(cardLines(samples.card).join('\n')).toMatch(
      /Resolver identity by .*\n.*probe version[\s\S]*asked through .* ms/,
    )
  })

  it('gives the evidence as a text that doorstep judge judges alike, and judges it by another limit', async () => {
    const parts: string[] = []
    for (let part = 1; part === 1 || parts.at(-1) !== parts.at(-2); part++) {
      const { final } = await connector.ask(local.hubUrl, `evidence London part ${part}`)
      const field = /"id":"evidence".*?"value":"([A-Za-z0-9+/=:-]+)"/.exec(JSON.stringify(final.card))
      parts.push(field?.[1] ?? '')
    }
    // A part after the last is the last once more.
    const text = parts.slice(0, -1).join('')
    const file = join(data.folder, 'evidence.txt')
    await writeFile(file, text)
    const { stdout } = await promisify(execFile)(process.execPath, [MAIN, 'judge', file])
    expect(stdout.split('\n').slice(0, 2)).toEqual([
      expect.stringMatching(/^local-egress: fail\. /),
      expect.stringMatching(/^local-dns: fail\. /),
    ])
    const { final: what } = await connector.ask(local.hubUrl, 'what-if London no-hairpin 900 ms')
    expect(cardLines(what.card).join('\n')).toContain('nothing was probed or changed')
  })

  it('suggests an office for a slip, and checks it when the button is pressed', async () => {
    const { final, conversationId } = await connector.ask(local.hubUrl, 'check office Seatle')
    expect(cardKind(final.card)).toBe('refusal')
    await connector.press(local.hubUrl, final, 'Check Seattle')
    const result = await connector.first(
      conversationId,
      (sent) => isFinal(sent) && cardKind(sent.card) === 'ready',
    )
    expect(lettersOf(result.card)).toBe(DEMO_TRUTH.Seattle)
  })

  it('is joined by --once, also for the machine itself', async () => {
    const asked = await runLocal(['--data', data.folder, '--once', 'check office Tokyo'])
    expect(asked.stderr).toBe('')
    expect(asked.code).toBe(0)
    expect(asked.stdout).toMatch(/^local-dns fail /m)
    const here = await runLocal(['--data', data.folder, '--once', 'check here'])
    expect(here.code).toBe(0)
    expect(here.stdout.trim().split('\n')).toHaveLength(10)
  })

  it('says where it runs when it is started a second time', async () => {
    const again = await runLocal(['--data', data.folder])
    expect(again.code).toBe(0)
    expect(again.stdout).toBe(`Doorstep already runs here: ${local.chatUrl}\n`)
  })
})
