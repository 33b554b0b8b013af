import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import packet from 'dns-packet'
import { answerQuery } from '../../src/beacon/answer.ts'
import { type Beacon, startBeacon } from '../../src/beacon/beacon.ts'
import { keepSightings, type Origin } from '../../src/beacon/sightings.ts'
import { beaconZone } from '../../src/beacon/zone.ts'
import type { BeaconConfig } from '../../src/config/beacon-config.ts'
import type { Clock } from '../../src/core/ports.ts'
import { systemClock } from '../../src/os/clock.ts'

export const ZONE = 'b.world.example'
export const NONCE = '0123456789abcdef0123456789abcdef'
export const CONFIG: BeaconConfig = {
  zone: ZONE,
  addresses: ['192.0.2.10', '2001:db8::10'],
  silent: ['192.0.2.99'],
  listen: [{ address: '127.0.0.1', port: 0 }],
  stunPort: 0,
  perSecond: 1000,
  logLevel: 'info',
  warnings: [],
}

/** A clock that stands still until it is moved. */
export function handClock(): Clock & { move(ms: number): void } {
  let now = 1000
  const timers = new Set<{ at: number; run: () => void }>()
  return {
    now: () => now,
    monotonic: () => now,
    after: (ms, run) => {
      const timer = { at: now + ms, run }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    move: (ms) => {
      now += ms
      for (const timer of [...timers]) if (timer.at <= now && timers.delete(timer)) timer.run()
    },
  }
}

export interface LogLine {
  readonly level: string
  readonly facts: object
  readonly message: string
}

/** A log that a test can read. */
export function recordedLog() {
  const lines: LogLine[] = []
  const at = (level: string) => (facts: object, message: string) => void lines.push({ level, facts, message })
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

export function startTestBeacon(config: Partial<BeaconConfig> = {}, clock: Clock = systemClock()) {
  const log = recordedLog()
  return startBeacon({ ...CONFIG, ...config }, { clock, log }).then((beacon) => ({ ...beacon, log }))
}

export interface Asking {
  readonly name: string
  readonly type?: string
  readonly class?: string
  /** Null: no OPT record. */
  readonly edns?: { bufsize?: number; dnssecOk?: boolean; version?: number; subnet?: string } | null
  readonly flags?: number
  readonly id?: number
}

/** A query as dns-packet writes it; by default with EDNS 1232, as resolvers ask. */
export function queryBytes(asking: Asking): Buffer {
  const { edns = {} } = asking
  const [address = '', length] = (edns?.subnet ?? '').split('/')
  const subnet = {
    code: 8 as const,
    family: address.includes(':') ? 2 : 1,
    sourcePrefixLength: Number(length),
    scopePrefixLength: 0,
    ip: address,
  }
  return packet.encode({
    type: 'query',
    id: asking.id ?? 7,
    flags: asking.flags ?? 0,
    questions: [
      { name: asking.name, type: (asking.type ?? 'TXT') as 'TXT', class: (asking.class ?? 'IN') as 'IN' },
    ],
    additionals:
      edns === null
        ? []
        : [
            {
              type: 'OPT',
              name: '.',
              udpPayloadSize: edns.bufsize ?? 1232,
              extendedRcode: 0,
              ednsVersion: edns.version ?? 0,
              flags: edns.dnssecOk ? 0x8000 : 0,
              flag_do: edns.dnssecOk ?? false,
              options: edns.subnet === undefined ? [] : [subnet],
            },
          ],
  })
}

export interface Heard {
  readonly rcode: string
  readonly aa: boolean
  readonly ra: boolean
  readonly tc: boolean
  readonly question: string
  /** Lines of `type ttl data`. */
  readonly answers: readonly string[]
  readonly authority: readonly string[]
  readonly additional: readonly string[]
  readonly opt: packet.OptAnswer | undefined
  readonly bytes: Buffer
}

function line(answer: packet.Answer): string {
  if (answer.type === 'OPT') return 'OPT'
  const { data } = answer as { data: unknown }
  const texts = Array.isArray(data) ? data.map(String).join(' ') : data
  return `${answer.type} ${answer.ttl} ${typeof texts === 'string' ? texts : JSON.stringify(texts)}`
}

/** A reply as dns-packet reads it: another implementation than the one under test. */
export function heard(bytes: Buffer): Heard {
  const message = packet.decode(bytes)
  if (packet.decode.bytes !== bytes.length) throw new Error('bytes after the last record')
  const [question] = message.questions ?? []
  const records = (list: packet.Answer[] | undefined) =>
    (list ?? []).filter((one) => one.type !== 'OPT').map(line)
  return {
    rcode: (message as unknown as { rcode: string }).rcode,
    aa: message.flag_aa,
    ra: message.flag_ra,
    tc: message.flag_tc,
    question: question?.name ?? '',
    answers: records(message.answers),
    authority: records(message.authorities),
    additional: records(message.additionals),
    opt: message.additionals?.find((one): one is packet.OptAnswer & { name: string } => one.type === 'OPT'),
    bytes,
  }
}

/** A zone without sockets, and what it says to one asker. */
export function smallZone(clock: Clock = handClock(), config: Partial<BeaconConfig> = {}) {
  const zone = beaconZone({ ...CONFIG, ...config }, keepSightings(clock))
  const say = (bytes: Buffer, from: Origin) => answerQuery(zone, bytes, from)
  return {
    say,
    ask: (asking: Asking, from: Origin = { address: '203.0.113.53', proto: 'udp' }): Heard => {
      const answer = say(queryBytes(asking), from)
      if (answer === null) throw new Error('silence')
      return heard(answer.bytes)
    },
  }
}

/** Sends one datagram and gives the first answer, or null after `waitMs`. */
export function overUdp(to: Beacon['dns'][number], bytes: Buffer, waitMs = 5000): Promise<Buffer | null> {
  return firstOverUdp(to, [bytes], waitMs)
}

/**
 * Sends datagrams from one socket and gives the first that comes back. Loopback keeps their order, so an answer to a
 * later one tells that the earlier got none, without a wait that a slow machine could outlast.
 */
export function firstOverUdp(
  to: Beacon['dns'][number],
  datagrams: readonly Buffer[],
  waitMs = 5000,
): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const socket = createSocket(to.address.includes(':') ? 'udp6' : 'udp4')
    const end = (answer: Buffer | null): void => {
      clearTimeout(timer)
      socket.close()
      resolve(answer)
    }
    const timer = setTimeout(() => end(null), waitMs)
    socket.once('message', end)
    for (const bytes of datagrams) socket.send(bytes, to.port, to.address)
  })
}

export function framed(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes])
}

/** Writes chunks to one connection and gives the messages that came back until `count` of them or its end. */
export function overTcp(
  to: Beacon['dns'][number],
  chunks: readonly Buffer[],
  count: number,
): Promise<readonly Buffer[]> {
  return new Promise((resolve) => {
    const socket = connect({ port: to.port, host: to.address, noDelay: true })
    const messages: Buffer[] = []
    let held: Buffer = Buffer.alloc(0)
    socket.on('error', () => {})
    socket.on('close', () => resolve(messages))
    socket.on('connect', () => {
      for (const chunk of chunks) socket.write(chunk)
    })
    socket.on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk])
      while (held.length >= 2 && held.length >= 2 + held.readUInt16BE(0)) {
        const end = 2 + held.readUInt16BE(0)
        messages.push(held.subarray(2, end))
        held = held.subarray(end)
      }
      if (messages.length >= count) socket.destroy()
    })
  })
}
