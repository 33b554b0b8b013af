/** Changes to what was recorded, for what a world cannot show and for values that stand near a limit. */
import { type Failure, failed } from '../../src/core/failure.ts'
import type { Measurement } from '../../src/core/measurement.ts'
import type { Office } from '../../src/core/office.ts'
import type { EgressResult } from '../../src/probes/egress/result.ts'
import type { FrontDoorResult } from '../../src/probes/front-door/result.ts'
import type { ResolverIdentityResult } from '../../src/probes/resolver-identity/result.ts'
import type { RttResult } from '../../src/probes/rtt/result.ts'
import type { ThroughputResult } from '../../src/probes/throughput/result.ts'
import type { TlsHost, TlsPathResult } from '../../src/probes/tls-path/result.ts'
import type { Recording, Setting } from './recording.ts'

type Edit = (recording: Recording) => Recording

/** Several edits, in order. */
export const all =
  (...edits: readonly Edit[]): Edit =>
  (recording) =>
    edits.reduce((changed, edit) => edit(changed), recording)

const each =
  (change: (one: Measurement) => Measurement): Edit =>
  ({ setting, measurements }) => ({ setting, measurements: measurements.map(change) })

/** Results pass through their probe's schema when they are judged, so a change that makes no sense is refused there. */
const results = <R>(probe: string, change: (result: R) => R): Edit =>
  each((one) =>
    (one.probe as string) === probe && one.outcome.ok
      ? { ...one, outcome: { ok: true, result: change(one.outcome.result as R) } }
      : one,
  )

export const inSetting =
  (change: (setting: Setting) => Partial<Setting>): Edit =>
  ({ setting, measurements }) => ({ setting: { ...setting, ...change(setting) }, measurements })

export const ofOffice = (change: Partial<Office>): Edit =>
  inSetting(({ office }) => ({ office: { ...office, ...change } }))

/** The measurement of a probe was never stored. */
export const without =
  (probe: string): Edit =>
  ({ setting, measurements }) => ({
    setting,
    measurements: measurements.filter((one) => (one.probe as string) !== probe),
  })

/** Nothing was measured, for one reason. */
export const unmade = (failure: Failure): Edit =>
  each((one) => ({ ...one, outcome: failed(failure), durationMs: 0, runnerVersion: '', listVersion: '' }))

export const measuredWithList = (listVersion: string): Edit => each((one) => ({ ...one, listVersion }))

/** The file came at one speed, in bytes per ms, which is kB/s. */
export const downloadTakes = (perMs: number): Edit =>
  results<ThroughputResult>('throughput', ({ download, ...result }) => ({
    ...result,
    download:
      download === null || 'failure' in download
        ? download
        : { ...download, ms: download.bytes / perMs, secondHalfPerMs: perMs },
  }))

/** Every round trip to the doors took as long. */
export const doorsTake = (ms: number): Edit =>
  results<RttResult>('rtt', (result) => ({
    ...result,
    hosts: result.hosts.map((host) => ({
      ...host,
      timed: host.timed.map((timed) => ({
        ...timed,
        tcpMs: timed.tcpMs.map(() => ms),
        tls: timed.tls.map((tls) => ({ ...tls, ms: ms * tls.roundTrips })),
      })),
    })),
  }))

/** Changes what TLS showed of each host. */
export const tlsHosts = (change: (host: TlsHost) => TlsHost): Edit =>
  results<TlsPathResult>('tls-path', (result) => ({ ...result, hosts: result.hosts.map(change) }))

/** Every handshake of every host: the TCP connect, and each round trip of TLS. */
export const handshakesTake = (tcpMs: number, roundTripMs: number): Edit =>
  all(
    // The numbers stand as they are only for a runner that was not busy itself.
    each((one) => ({ ...one, loopDelayMs: 0 })),
    tlsHosts((host) => ({
      ...host,
      handshakes: host.handshakes.map(({ roundTrips }) => ({
        tcpMs,
        tlsMs: roundTripMs * roundTrips,
        roundTrips,
      })),
    })),
  )

/** What the HTTP request to every host got for an answer. */
export const httpAnswers = (status: number, server: string | null): Edit =>
  tlsHosts((host) => ({ ...host, http: host.chain === null ? null : { status, server, ms: 5 } }))

/** Every lookup at each configured server took as long: of a name that it knows, and of one that it cannot know. */
export const lookupsTake = (cachedMs: number, uncachedMs: number): Edit =>
  results<ResolverIdentityResult>('resolver-identity', (result) => ({
    ...result,
    direct: result.direct.map((direct) => ({
      ...direct,
      asked: direct.asked.map((asked) => ('ns' in asked ? { ...asked, ms: uncachedMs } : asked)),
      cachedMs: direct.cachedMs.map(() => cachedMs),
    })),
  }))

type Door = FrontDoorResult['doors'][number]
type Answer = Door['answers'][number]

const answersOf = <R extends { readonly answers: readonly Answer[] }>(
  one: R,
  change: (answer: Answer) => Answer,
): R => ({
  ...one,
  answers: one.answers.map(change),
})

const renamed = (answer: Answer, lastName: string): Answer =>
  'chain' in answer ? { ...answer, chain: [...answer.chain.slice(0, -1), lastName] } : answer

/** The names that the doors' chains end at, changed wherever they occur, and what the doors say of themselves. */
export const doorsAreNamed = (lastName: string, header: string | null): Edit => {
  const named = (answer: Answer): Answer => renamed(answer, lastName)
  return all(
    results<FrontDoorResult>('front-door', (result) => ({
      ...result,
      doors: result.doors.map((door) => ({
        ...answersOf(door, named),
        visits: door.visits.map((visit) => ('status' in visit ? { ...visit, code: header } : visit)),
      })),
    })),
    results<RttResult>('rtt', (result) => ({
      ...result,
      hosts: result.hosts.map((host) => answersOf(host, named)),
    })),
    tlsHosts((host) => (host.lastName === null ? host : { ...host, lastName })),
  )
}

/** Exchange's chain comes without an address: what a forwarder does that follows no chain. */
export const doorsHaveNoAddress = (): Edit => {
  const cut = <R extends Pick<Door, 'system' | 'answers'>>(one: R): R => ({
    ...answersOf(one, (answer) => ('chain' in answer ? { ...answer, addresses: [] } : answer)),
    system: one.system.map(() => ({ failure: 'dns-empty' as const })),
  })
  return all(
    results<FrontDoorResult>('front-door', (result) => ({
      ...result,
      doors: result.doors.map((door) => ({ ...cut(door), visits: [] })),
    })),
    results<RttResult>('rtt', (result) => ({
      ...result,
      hosts: result.hosts.map((host) => ({ ...cut(host), timed: [] })),
    })),
    tlsHosts((host) =>
      host.lastName === null
        ? host
        : {
            ...host,
            system: { failure: 'dns-empty' },
            address: null,
            lastName: null,
            chain: null,
            handshakes: [],
            http: null,
          },
    ),
  )
}

interface Train {
  readonly packets?: readonly (number | null)[]
  /** Datagrams whose times the runner itself spoilt. */
  readonly blurred?: number
}

/** Every train of media datagrams, each datagram by its place. */
export const mediaTakes = (at: (index: number) => number | null): Edit =>
  results<{ readonly trains: readonly Train[] }>('media', (result) => ({
    ...result,
    trains: result.trains.map((train) =>
      train.packets === undefined
        ? train
        : { ...train, packets: Array.from({ length: 500 }, (_, index) => at(index)), blurred: 0 },
    ),
  }))

/** A door as somebody published it. */
export interface RecordedDoor {
  /** The aliases after the name asked. */
  readonly chain: readonly string[]
  readonly addresses: readonly string[]
  readonly header: string
}

/** Exchange's names lead to these doors, in turns, and all of them answer. */
export const doorsAnswer = (doors: readonly RecordedDoor[]): Edit => {
  const addresses = doors.flatMap((door) => door.addresses)
  const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T
  const led = <R extends Pick<Door, 'system' | 'answers'>>(one: R): R => ({
    ...one,
    system: one.system.map((sample, index) =>
      'addresses' in sample ? { ...sample, addresses: [...at(doors, index).addresses] } : sample,
    ),
    answers: one.answers.map((answer, index) => {
      const door = at(doors, index)
      return 'chain' in answer
        ? { ...answer, chain: [...door.chain], addresses: [...door.addresses] }
        : answer
    }),
  })
  return all(
    results<FrontDoorResult>('front-door', (result) => ({
      ...result,
      doors: result.doors.map((host) => ({
        ...led(host),
        visits: doors.flatMap((door) =>
          door.addresses.slice(0, 2).map((address) => ({ address, status: 302, code: door.header, ms: 20 })),
        ),
      })),
    })),
    results<RttResult>('rtt', (result) => ({
      ...result,
      hosts: result.hosts.map((host) => ({
        ...led(host),
        timed: doors.flatMap((door) =>
          host.timed.slice(0, 1).map((timed) => ({ ...timed, address: door.addresses[0] ?? '' })),
        ),
      })),
    })),
    tlsHosts((host) =>
      host.lastName === null
        ? host
        : { ...host, address: addresses[0] ?? null, lastName: at(doors, 0).chain.at(-1) ?? null },
    ),
  )
}

/** Every SharePoint edge says this code. */
export const edgesSay = (code: string): Edit =>
  results<FrontDoorResult>('front-door', (result) => ({
    ...result,
    edges: result.edges.map((edge) => ({
      ...edge,
      visits: edge.visits.map((visit) => ('status' in visit ? { ...visit, code } : visit)),
    })),
  }))

/** The Teams relay's alias ends at this name. */
export const relayIsNamed = (name: string): Edit =>
  results<EgressResult>('egress', (result) => answersOf(result, (answer) => renamed(answer, name)))
