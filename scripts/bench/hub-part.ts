import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import recorded from '../../src/endpoints/snapshot-worldwide.json' with { type: 'json' }
import { systemRandom } from '../../src/os/random.ts'
import { officeStore } from '../../src/store/offices.ts'
import { openStore } from '../../src/store/open-store.ts'
import { runnerStore } from '../../src/store/runners.ts'
import { hashEnrolmentCode, newEnrolmentCode } from '../../src/wire/enrolment-code.ts'
import { freePort } from '../local-mode.ts'
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

/** A hub on a store of its own, with what `measureRunner` needs to enrol one more runner there. */
export interface BenchHub {
  readonly url: string
  /** A one-time code for the office named `Office extra-0001`, which has a runner whose key nobody uses. */
  readonly enrolmentCode: string
}

/** Starts a hub with stand-in runners, loads it, and lets `more` use it afterwards. */
export async function measureHub(
  data: string,
  recording: Recording,
  places: string | null,
  more: (hub: BenchHub) => Promise<Part>,
): Promise<Part> {
  const busy = await benchRunners(recording, CONVERSATIONS, 'busy')
  const idle = await benchRunners(recording, IDLE - CONVERSATIONS, 'idle')
  const extra = await benchRunners(recording, 1, 'extra')
  const enrolmentCode = await fillStore(join(data, 'store'), [...busy, ...idle, ...extra])
  const list = await startListService()
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const hub = spawn(
    process.execPath,
    [join(import.meta.dirname, '../../src/main.ts'), 'hub', '--exit-with-stdin'],
    {
      env: {
        ...process.env,
        DOORSTEP_SIGN_IN: 'off',
        DOORSTEP_PORT: String(port),
        DOORSTEP_STORE: `embedded:${join(data, 'store')}`,
        DOORSTEP_EVERYONE: 'operator',
        DOORSTEP_ENDPOINTS: list.url,
        ...(places === null ? {} : { DOORSTEP_PLACES: places }),
      },
      stdio: ['pipe', 'pipe', openSync(join(data, 'hub.log'), 'w')],
    },
  )
  const teams = await startTeamsStandIn()
  const fleets: Fleet[] = []
  try {
    await readyLine(hub)
    const pid = hub.pid ?? 0
    fleets.push(startFleet(url, busy, recording))
    await sleep(SETTLE_MS)
    const rssIdle = residentMb(pid)
    const alone = await oneAfterAnother(teams, url, busy, fleets)
    const load = await underLoad(teams, url, busy, fleets)
    const rssLoaded = residentMb(pid)
    fleets.push(startFleet(url, idle, recording))
    await sleep(IDLE_SETTLE_MS)
    const rssMany = residentMb(pid)
    const after = await more({ url, enrolmentCode })
    const refused = fleets.flatMap((fleet) => [...fleet.refused])
    for (const [what, times] of refused) console.error(`the hub refused ${times} x ${what}`)
    return {
      rows: [
        {
          what: 'message to placeholder card, 10 commands/s, 100 conversations, people and offices',
          measured: msText(spread(load.placeholder)),
          budget: 'p99 <= 1 s',
        },
        {
          what: "hub's own share, last POST sent to final edit received, one check at a time",
          measured: msText(spread(alone.share)),
          budget: '<= 100 ms',
        },
        { what: "hub's own share at 10 checks/s", measured: msText(spread(load.share)), budget: '<= 100 ms' },
        { what: 'hub RSS, 100 runners, idle', measured: mbText(rssIdle), budget: '' },
        { what: 'hub RSS after the load', measured: mbText(rssLoaded), budget: '' },
        { what: `hub RSS with ${IDLE} idle runners`, measured: mbText(rssMany), budget: '<= 256 MB' },
        ...after.rows,
      ],
      numbers: {
        placeholderMs: spread(load.placeholder),
        shareAloneMs: spread(alone.share),
        shareLoadedMs: spread(load.share),
        commandsPerSecond: load.perSecond,
        hubRssMb: { idle: rssIdle, afterLoad: rssLoaded, idleRunners: rssMany },
        refused: Object.fromEntries(refused),
        ...after.numbers,
      },
    }
  } finally {
    await Promise.all(fleets.map((fleet) => fleet.stop()))
    await teams.close()
    hub.stdin?.end()
    hub.kill('SIGTERM')
    if (hub.exitCode === null) await once(hub, 'exit')
    await list.close()
  }
}

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
  fleets: readonly Fleet[],
): Promise<Load> {
  const placeholder: number[] = []
  const share: number[] = []
  for (const { office } of runners.slice(0, ALONE)) {
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
    share.push(final.at - lastPost(fleets, office.id, 0))
  }
  return { placeholder, share, perSecond: 0 }
}

async function underLoad(
  teams: TeamsStandIn,
  url: string,
  runners: readonly BenchRunner[],
  fleets: readonly Fleet[],
): Promise<Load> {
  const earlier = runners.map(({ office }) => fleets[0]?.lastPosts.get(office.id)?.length ?? 0)
  const said: Promise<number>[][] = runners.map(() => [])
  const began = performance.now()
  for (let command = 0; command < ROUNDS * runners.length; command++) {
    await sleep(Math.max(0, began + command * EVERY_MS - performance.now()))
    const index = command % runners.length
    said[index]?.push(teams.say(url, chatterOf(index), `check office ${runners[index]?.office.name}`))
  }
  const perSecond = round((ROUNDS * runners.length * 1000) / (performance.now() - began))
  const placeholder: number[] = []
  const share: number[] = []
  for (const [index, { office }] of runners.entries()) {
    const { conversationId } = chatterOf(index)
    const ended = () => teams.cardsOf(conversationId).filter(({ kind }) => kind !== 'progress')
    await waitFor(() => (ended().length >= ROUNDS ? true : null), FINAL_MS, `the results of ${office.name}`)
    const posts = teams.cardsOf(conversationId).filter(({ isPost }) => isPost)
    const times = await Promise.all(said[index] ?? [])
    for (const [round, at] of times.entries()) {
      placeholder.push((posts[round]?.at ?? Number.NaN) - at)
      share.push(
        (ended()[round]?.at ?? Number.NaN) - lastPost(fleets, office.id, (earlier[index] ?? 0) + round),
      )
    }
  }
  return { placeholder, share, perSecond }
}

function lastPost(fleets: readonly Fleet[], officeId: string, index: number): number {
  return fleets[0]?.lastPosts.get(officeId)?.[index] ?? Number.NaN
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
