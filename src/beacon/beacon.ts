import type { BeaconConfig } from '../config/beacon-config.ts'
import type { Clock } from '../core/ports.ts'
import { answerQuery, answerTruncated } from './answer.ts'
import { CannotListen } from './cannot-listen.ts'
import { type Counts, startCounts } from './counts.ts'
import { type AnswerDatagram, type Datagrams, serveDatagrams } from './datagrams.ts'
import type { Log } from './log.ts'
import { rateLimit } from './rate-limit.ts'
import { keepSightings } from './sightings.ts'
import { type Streams, serveStreams } from './streams.ts'
import { answerStun } from './stun-answer.ts'
import { beaconZone, type Zone } from './zone.ts'

export interface BeaconPorts {
  readonly clock: Clock
  readonly log: Log
}

/** Where it listens. */
export interface Bound {
  readonly address: string
  readonly port: number
}

/** A beacon that answers. */
export interface Beacon {
  /** UDP and TCP, in the order of the configuration. */
  readonly dns: readonly Bound[]
  readonly stun: readonly Bound[]
  close(): Promise<void>
}

/** Starts the DNS server for the configured zone and the STUN server beside it. Throws a `CannotListen`. */
export async function startBeacon(config: BeaconConfig, { clock, log }: BeaconPorts): Promise<Beacon> {
  const zone = beaconZone(config, keepSightings(clock))
  const counts = startCounts(clock, log)
  const parts: (Streams | Datagrams)[] = []
  const close = async (): Promise<void> => {
    counts.close()
    await Promise.all(parts.map((part) => part.close()))
  }
  try {
    const dns: Bound[] = []
    const limited = dnsDatagrams(config, zone, counts, clock, log)
    for (const { address, port } of config.listen) {
      const pair = await listenBoth(address, port, limited, streamOptions(zone, counts, clock, log), counts)
      parts.push(...pair)
      dns.push({ address, port: pair[0].port })
    }
    const stun: Bound[] = []
    const answer = stunDatagrams(config, counts, clock)
    for (const address of config.stunPort === null ? [] : distinct(config.listen)) {
      const port = config.stunPort ?? 0
      const part = await serveDatagrams('STUN', address, port, answer, () => counts.add('unsent'))
      parts.push(part)
      stun.push({ address, port: part.port })
    }
    log.info({ zone: config.zone, dns, stun }, 'beacon answers')
    return { dns, stun, close }
  } catch (error) {
    await close()
    throw error
  }
}

function distinct(listen: readonly { readonly address: string }[]): readonly string[] {
  return [...new Set(listen.map(({ address }) => address))]
}

/** Port 0 is any free one, the same for both: the system picks it for TCP, and UDP may find it taken. */
const TRIES = 10

async function listenBoth(
  address: string,
  port: number,
  answer: AnswerDatagram,
  options: Parameters<typeof serveStreams>[2],
  counts: Counts,
): Promise<[Streams, Datagrams]> {
  for (let left = port === 0 ? TRIES : 1; ; left--) {
    const tcp = await serveStreams(address, port, options)
    try {
      return [tcp, await serveDatagrams('UDP', address, tcp.port, answer, () => counts.add('unsent'))]
    } catch (error) {
      await tcp.close()
      if (left === 1 || !(error instanceof CannotListen)) throw error
    }
  }
}

function dnsDatagrams(
  config: BeaconConfig,
  zone: Zone,
  counts: Counts,
  clock: Clock,
  log: Log,
): AnswerDatagram {
  const limit = rateLimit(config.perSecond, clock)
  return (bytes, address) => {
    const allowance = limit.take(address)
    if (allowance !== 'answer') {
      counts.add('limited')
      return allowance === 'slip' ? answerTruncated(bytes) : null
    }
    return told(zone, bytes, { address, proto: 'udp' }, counts, log)
  }
}

function streamOptions(zone: Zone, counts: Counts, clock: Clock, log: Log) {
  return {
    clock,
    answer: (bytes: Buffer, address: string) => told(zone, bytes, { address, proto: 'tcp' }, counts, log),
    refused: () => counts.add('tcpRefused'),
  }
}

function told(
  zone: Zone,
  bytes: Buffer,
  from: { readonly address: string; readonly proto: 'udp' | 'tcp' },
  counts: Counts,
  log: Log,
): Buffer | null {
  const answer = answerQuery(zone, bytes, from)
  counts.add(answer?.told ?? 'silence')
  log.debug({ ...from, bytes: bytes.length, told: answer?.told ?? 'silence' }, 'query')
  return answer?.bytes ?? null
}

function stunDatagrams(config: BeaconConfig, counts: Counts, clock: Clock): AnswerDatagram {
  const limit = rateLimit(config.perSecond, clock)
  return (bytes, address, port) => {
    if (limit.take(address) !== 'answer') {
      counts.add('limited')
      return null
    }
    const answer = answerStun(bytes, address, port)
    counts.add(answer === null ? 'silence' : 'stun')
    return answer
  }
}
