/**
 * An office of the lab, inside its namespace: Doorstep as a person starts it, on the host's own routes and resolver.
 * `node office.ts <letter> <folder>` prints one line of JSON, a `Seen`.
 */
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CRITERIA } from '../../../src/core/verdict.ts'
import recorded from '../../../src/endpoints/snapshot-worldwide.json' with { type: 'json' }
import { answerLines, sayOnce } from '../../../src/local/once.ts'
import { asJson, placesCsv } from '../../../src/local/world/files.ts'
import { endpointServer } from '../../../src/local/world/web-services.ts'
import { directDialer } from '../../../src/net/dialer.ts'
import { stunClient } from '../../../src/net/stun.ts'
import { realLookup } from '../../../src/net/system-lookup.ts'
import { systemClock } from '../../../src/os/clock.ts'
import { systemRandom } from '../../../src/os/random.ts'
import { startLocalMode } from '../../support/local-mode.ts'
import { lettersOf } from '../../support/test-connector.ts'
import { PLACE_ROWS, PLACES, RANGES } from './places.ts'
import { CASES, type Case, SERVICES } from './topology.ts'

/** What an office saw of its world. */
export interface Seen {
  /** One letter per criterion, in the order of `CRITERIA`. */
  readonly letters: string
  /** The chains of evidence as text, by criterion. */
  readonly why: Readonly<Record<string, readonly string[]>>
  /** Hops to the relay that this office's resolver names; null: not learned, and why stands in `hopsProblem`. */
  readonly hops: number | null
  readonly hopsProblem: string | null
  readonly seconds: number
}

/** Of the runner's namespace alone: every office has its own loopback. */
const ENDPOINTS_PORT = 41_000
const ZONES = { Seattle: 'America/Los_Angeles', London: 'Europe/London' } as const
const EXPLAINED = [
  'local-egress',
  'local-dns',
  'no-proxy-or-inspection',
  'network-ready',
  'endpoint-changes',
] as const
const RELAY = 'world.tr.teams.microsoft.com'
const STUN_PORT = 3478

/** A world of this one runner. Both offices are registered, so that the hub knows whose ranges it sees. */
async function writeWorld(folder: string, office: Case['office']): Promise<void> {
  await mkdir(folder, { recursive: true })
  const offices = (['Seattle', 'London'] as const).map((name) => ({
    name,
    ...PLACES[name],
    timeZone: ZONES[name],
    ...RANGES[name],
    doors: [],
    attested: ['network-plan', 'tcp-tuned'],
    runners: name === office ? ['runner.json'] : [],
  }))
  await writeFile(
    join(folder, 'world.json'),
    asJson({ places: 'places.csv', endpoints: `http://127.0.0.1:${ENDPOINTS_PORT}/`, offices }),
  )
  await writeFile(join(folder, 'places.csv'), placesCsv(PLACE_ROWS))
  // Neither gateway nor resolvers nor interfaces: the namespace is the world.
  const runner = {
    world: 'namespaces',
    roots: '../roots.pem',
    endpoints: `http://${SERVICES.endpoints}/`,
    echo: `http://${SERVICES.echo}/`,
    beacon: SERVICES.zone,
    proxy: null,
    tenant: 'contoso',
    systemRoots: null,
  }
  await writeFile(join(folder, 'runner.json'), asJson(runner))
}

async function hopsToRelay(): Promise<Pick<Seen, 'hops' | 'hopsProblem'>> {
  const signal = AbortSignal.timeout(30_000)
  const found = await realLookup(1)(RELAY, 4, 5_000, signal)
  const address = found.ok ? found.result.addresses[0]?.address : undefined
  if (address === undefined) return { hops: null, hopsProblem: `no relay: ${JSON.stringify(found)}` }
  const target = { address, port: STUN_PORT, timeoutMs: 2_000 }
  const seen = await stunClient(directDialer, systemRandom).hops(target, signal)
  return seen.ok
    ? { hops: seen.result.hops, hopsProblem: null }
    : { hops: null, hopsProblem: `${address}: ${seen.failure} ${seen.detail ?? ''}` }
}

async function look(one: Case, folder: string): Promise<Seen> {
  const began = performance.now()
  await writeWorld(folder, one.office)
  const endpoints = endpointServer({
    address: SERVICES.endpoints,
    place: 'anycast',
    version: recorded.version,
    list: recorded.endpoints,
  })
  endpoints.listen(ENDPOINTS_PORT, '127.0.0.1')
  await once(endpoints, 'listening')
  const hops = await hopsToRelay()
  const running = await startLocalMode({ data: join(folder, 'data'), args: ['--world', folder] })
  const say = async (text: string) => {
    const answer = await sayOnce(running.hubUrl, text, { clock: systemClock(), gone: new Promise(() => {}) })
    if (answer === null) throw new Error(`no answer to "${text}"`)
    return answer
  }
  const checked = await say(`check office ${one.office}`)
  const why: Record<string, readonly string[]> = {}
  for (const criterion of CRITERIA.filter((id) => EXPLAINED.some((wanted) => wanted === id))) {
    why[criterion] = answerLines(await say(`why ${one.office} ${criterion}`))
  }
  await running.stop()
  return { letters: lettersOf(checked.card), why, ...hops, seconds: (performance.now() - began) / 1000 }
}

const [letter, folder = '.'] = process.argv.slice(2)
const one = CASES.find((entry) => entry.letter === letter)
if (one === undefined) throw new Error(`no office ${letter}`)
process.stdout.write(`${JSON.stringify(await look(one, folder))}\n`)
process.exit(0)
