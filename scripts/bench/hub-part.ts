import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, openSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import recorded from '../../src/endpoints/snapshot-worldwide.json' with { type: 'json' }
import { freePort } from '../../src/local/ports.ts'
import { systemRandom } from '../../src/os/random.ts'
import { officeStore } from '../../src/store/offices.ts'
import { openStore } from '../../src/store/open-store.ts'
import { runnerStore } from '../../src/store/runners.ts'
import { hashEnrolmentCode, newEnrolmentCode } from '../../src/wire/enrolment-code.ts'
import type { Recording } from './demo-part.ts'
import { type BenchRunner, benchRunners, type Fleet, startFleet } from './fleet.ts'
import { mbText, msText, type Part, residentMb, round, sleep, spread, waitFor } from './numbers.ts'
import { type Chatter, startTeamsStandIn, type TeamsStandIn } from './teams-stand-in.ts'

/** The budget's load: 10 commands a second over 100 conversations, people and offices, three times round. */
const CONVERSATIONS = 100
const ROUNDS = 3
const EVERY_MS = 100

/** Checks one after another on an idle hub, for its own share. */
const ALONE = 20

/** Idle runners of the memory's row. */
const IDLE = 2_000
const OFFICES = 500
const ALONE_LARGE = 5

/** A hub on a store of its own, with what `measureRunner` needs to enrol one more runner there. */
export interface BenchHub {
  readonly url: string
  /** A one-time code for the office named `Office extra-0001`, which has a runner whose key nobody uses. */
  readonly enrolmentCode: string
}

/** Loads a hub of 100 offices, then fills another with 500 offices and 2,000 idle runners. */
export async function measureHub(
  data: string,
  recording: Recording,
  places: string | null,
  more: (hub: BenchHub) => Promise<Part>,
): Promise<Part> {
  execFileSync(process.execPath, ['scripts/build.ts'], { cwd: ROOT, stdio: 'ignore' })
  const busy = await benchRunners(recording, CONVERSATIONS, 1, 'busy')
  const extra = await benchRunners(recording, 1, 1, 'extra')
  const small = await withHub(join(data, 'small'), [...busy, ...extra], places, async (hub, teams) => {
    const fleet = startFleet(hub.url, busy, recording)
    try {
      await sleep(SETTLE_MS)
      const rssIdle = residentMb(hub.pid)
      const alone = await oneAfterAnother(teams, hub.url, busy.slice(0, ALONE), fleet)
      const load = await underLoad(teams, hub.url, busy, fleet)
      const rssLoaded = residentMb(hub.pid)
      const runner = await more(hub)
      return { rssIdle, alone, load, rssLoaded, runner, refused: Object.fromEntries(fleet.refused) }
    } finally {
      await fleet.stop()
    }
  })
  const many = await benchRunners(recording, OFFICES, IDLE / OFFICES, 'many')
  const large = await withHub(join(data, 'large'), many, places, async (hub, teams) => {
    const fleet = startFleet(hub.url, many, recording)
    try {
      await sleep(IDLE_SETTLE_MS)
      const rss = residentMb(hub.pid)
      const alone = await oneAfterAnother(teams, hub.url, firstOfEach(many).slice(0, ALONE_LARGE), fleet)
      return { rss, alone, refused: Object.fromEntries(fleet.refused) }
    } finally {
      await fleet.stop()
    }
  })
  const placeholder = spread(small.load.placeholder)
  const shares = {
    alone: spread(small.alone.share),
    loaded: spread(small.load.share),
    large: spread(large.alone.share),
  }
  const row = (what: string, measured: string, budget = '') => ({ what, measured, budget })
  return {
    rows: [
      row(
        'message to placeholder card, 10 commands/s, 100 conversations, people and offices',
        msText(placeholder),
        'p99 <= 1 s',
      ),
      row(
        "hub's own share of a check (last POST sent to final edit received), 100 offices, one at a time",
        msText(shares.alone),
        '<= 100 ms',
      ),
      row("hub's own share at 10 checks/s", msText(shares.loaded), '<= 100 ms'),
      row(`hub's own share, ${OFFICES} offices and ${IDLE} idle runners`, msText(shares.large), '<= 100 ms'),
      row('hub RSS, 100 idle runners', mbText(small.rssIdle)),
      row('hub RSS after the load', mbText(small.rssLoaded)),
      row(`hub RSS, ${OFFICES} offices and ${IDLE} idle runners`, mbText(large.rss), '<= 256 MB'),
      ...small.runner.rows,
    ],
    numbers: {
      placeholderMs: placeholder,
      ownShareMs: shares,
      placeholderLargeMs: spread(large.alone.placeholder),
      commandsPerSecond: small.load.perSecond,
      hubRssMb: { idle: small.rssIdle, afterLoad: small.rssLoaded, idleRunners: large.rss },
      refused: { small: small.refused, large: large.refused },
      ...small.runner.numbers,
    },
  }
}

function firstOfEach(runners: readonly BenchRunner[]): readonly BenchRunner[] {
  return [...Map.groupBy(runners, ({ office }) => office.id).values()].flatMap((some) => some.slice(0, 1))
}

/** Starts a hub on a store with these offices and runners; everything is gone after `use`. */
async function withHub<T>(
  folder: string,
  runners: readonly BenchRunner[],
  places: string | null,
  use: (hub: BenchHub & { readonly pid: number }, teams: TeamsStandIn) => Promise<T>,
): Promise<T> {
  mkdirSync(folder, { recursive: true })
  const enrolmentCode = await fillStore(join(folder, 'store'), runners)
  const list = await startListService()
  const port = await freePort()
  const hub = spawn(process.execPath, [MAIN, 'hub', '--exit-with-stdin'], {
    env: {
      ...process.env,
      DOORSTEP_SIGN_IN: 'off',
      DOORSTEP_PORT: String(port),
      DOORSTEP_STORE: `embedded:${join(folder, 'store')}`,
      DOORSTEP_EVERYONE: 'operator',
      // One person asks as fast as a part needs.
      DOORSTEP_ASKS_PER_MINUTE: '1000',
      DOORSTEP_ENDPOINTS: list.url,
      ...(places === null ? {} : { DOORSTEP_PLACES: places }),
    },
    stdio: ['pipe', 'pipe', openSync(join(folder, 'hub.log'), 'w')],
  })
  const teams = await startTeamsStandIn()
  try {
    await readyLine(hub)
    return await use({ url: `http://127.0.0.1:${port}`, enrolmentCode, pid: hub.pid ?? 0 }, teams)
  } finally {
    hub.stdin?.end()
    hub.kill('SIGTERM')
    if (hub.exitCode === null && hub.signalCode === null) await once(hub, 'exit')
    await teams.close()
    await list.close()
  }
}

const ROOT = join(import.meta.dirname, '../..')
/** Built anew before each bench: the hub as an operator starts it. */
const MAIN = join(ROOT, 'dist', 'doorstep.mjs')

/** Time for the first polls to be held, and for 2,000 of them. */
const SETTLE_MS = 1_500
const IDLE_SETTLE_MS = 10_000
const FINAL_MS = 60_000

const chatterOf = (index: number): Chatter => ({
  conversationId: `bench-${index}`,
  objectId: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
  name: `Person ${index}`,
})

interface Load {
  readonly placeholder: readonly number[]
  readonly share: readonly number[]
  readonly perSecond: number
}

async function oneAfterAnother(
  teams: TeamsStandIn,
  url: string,
  runners: readonly BenchRunner[],
  fleet: Fleet,
): Promise<Load> {
  const placeholder: number[] = []
  const share: number[] = []
  for (const { office } of runners) {
    // A conversation each: the hub keeps to Teams' rate limits, which hold per conversation.
    const chat = { conversationId: `alone-${office.id}`, objectId: randomUUID(), name: 'Alone' }
    const said = await teams.say(url, chat, `check office ${office.name}`)
    const final = await waitFor(
      () => teams.cardsOf(chat.conversationId).find(({ kind }) => kind !== 'progress') ?? null,
      FINAL_MS,
      `the result of ${office.name}`,
      5,
    )
    placeholder.push((teams.cardsOf(chat.conversationId)[0]?.at ?? Number.NaN) - said)
    share.push(final.at - lastPost(fleet, office.id, 0))
  }
  return { placeholder, share, perSecond: 0 }
}

async function underLoad(
  teams: TeamsStandIn,
  url: string,
  runners: readonly BenchRunner[],
  fleet: Fleet,
): Promise<Load> {
  const earlier = runners.map(({ office }) => fleet.lastPosts.get(office.id)?.length ?? 0)
  const said: Promise<number>[][] = runners.map(() => [])
  const began = performance.now()
  for (let command = 0; command < ROUNDS * runners.length; command++) {
    await sleep(Math.max(0, began + command * EVERY_MS - performance.now()))
    const index = command % runners.length
    said[index]?.push(teams.say(url, chatterOf(index), `check office ${runners[index]?.office.name}`))
  }
  const perSecond = round((ROUNDS * runners.length * 1000) / (performance.now() - began))
  const ended = (index: number) =>
    teams.cardsOf(chatterOf(index).conversationId).filter(({ kind }) => kind !== 'progress')
  const isOver = () => runners.every((_, index) => ended(index).length >= ROUNDS)
  // A hub that falls behind joins a repeated command to the check under way: then there are fewer ends, and that is told.
  await waitFor(() => (isOver() ? true : null), FINAL_MS, 'the results', 100).catch(() => undefined)
  const placeholder: number[] = []
  const share: number[] = []
  for (const [index, { office }] of runners.entries()) {
    const posts = teams.cardsOf(chatterOf(index).conversationId).filter(({ isPost }) => isPost)
    const times = await Promise.all(said[index] ?? [])
    placeholder.push(...times.map((at, round) => (posts[round]?.at ?? Number.NaN) - at))
    const last = (fleet.lastPosts.get(office.id) ?? []).slice(earlier[index])
    share.push(...last.map((at) => (ended(index).find((card) => card.at > at)?.at ?? Number.NaN) - at))
  }
  return { placeholder, share, perSecond }
}

function lastPost(fleet: Fleet, officeId: string, index: number): number {
  return fleet.lastPosts.get(officeId)?.[index] ?? Number.NaN
}

/** Registers the offices and their runners; gives an enrolment code for the last office. */
async function fillStore(folder: string, all: readonly BenchRunner[]): Promise<string> {
  const store = await openStore({ kind: 'embedded', folder }, { random: systemRandom })
  try {
    const offices = officeStore(store, () => undefined)
    const runners = runnerStore(store)
    for (const { office, runner } of all) {
      await offices.put(office)
      await runners.put(runner)
    }
    const officeId = all.at(-1)?.office.id ?? ''
    const code = newEnrolmentCode(officeId, systemRandom)
    const expiresAt = Date.now() + CODE_MS
    await runners.putCode(hashEnrolmentCode(code), {
      officeId,
      createdBy: 'bench',
      expiresAt,
      usedBy: null,
      runnerId: null,
    })
    return code
  } finally {
    await store.close()
  }
}

const CODE_MS = 30 * 60_000

/** An endpoint web service on this machine that serves the snapshot: nothing of a bench leaves the machine. */
async function startListService() {
  const server = createServer((req, res) => {
    const asksVersion = req.url?.startsWith('/version') ?? false
    res.end(JSON.stringify(asksVersion ? { latest: recorded.version } : recorded.endpoints))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async () => {
    server.close()
    server.closeAllConnections()
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}

function readyLine(hub: ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  if (hub.stdout)
    createInterface({ input: hub.stdout }).on('line', (line) => line.startsWith('ready') && resolve())
  hub.once('exit', (code) => reject(new Error(`the hub ended with ${code}`)))
  return promise
}
