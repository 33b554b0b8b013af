import { isIPv4, isIPv6 } from 'node:net'
import type { RecordType } from '../../src/core/ports.ts'
import type { Asked, Reply } from '../../src/net/dns-guard.ts'
import { MAX_RECORDS } from '../../src/net/dns-wire.ts'
import { mutant } from '../support/mutants.ts'
import { ADDRESS, ASKED, chain, opt, question, raw, record, wireName } from './dns-bytes.ts'

const SUBNET = [0, 8, 0, 7, 0, 1, 24, 20, 192, 0, 2]
/** RFC 1035 2.3.4: a name has 253 characters without its final dot. */
const LONGEST_NAME = 253

const of = (type: RecordType, number: number, records: readonly Buffer[], more: Partial<Asked> = {}) => {
  const asked: Asked = { ...ASKED, type, ...more }
  const klass = asked.chaos === true ? 3 : 1
  const counts = [1, records.length, 0, 0] as const
  return [asked, raw({ question: question(ASKED.name, number, klass), counts, rest: records })] as const
}

/** Names that each lean on the one before: the longest walk that pointers allow. */
const leaning = (): Buffer => {
  const deep = wireName(Array.from({ length: 60 }, () => 'a').join('.'))
  const records = Array.from({ length: 60 }, (_, at) =>
    record(1, ADDRESS, { owner: at === 0 ? deep : Buffer.from([1, 98, 0xc0, 33]) }),
  )
  return raw({ counts: [1, records.length, 0, 0], rest: records })
}

/** Answers from which mutants are made: what each was asked, and the bytes. */
const SEEDS: readonly (readonly [Asked, Buffer])[] = [
  [ASKED, chain(3)],
  [ASKED, chain(8)],
  [ASKED, leaning()],
  [ASKED, raw({ counts: [1, 2, 0, 1], rest: [record(1, ADDRESS), record(1, ADDRESS), opt(SUBNET)] })],
  [
    { ...ASKED, subnet: Buffer.from([0, 1, 24, 0, 192, 0, 2]) },
    raw({ counts: [1, 1, 0, 1], rest: [record(1, ADDRESS), opt(SUBNET)] }),
  ],
  of('TXT', 16, [record(16, [3, 97, 98, 99]), record(16, [0, 2, 97, 98])]),
  of('TXT', 16, [record(16, [3, 83, 69, 65], { klass: 3 })], { chaos: true }),
  of('AAAA', 28, [record(28, Buffer.alloc(16, 32))]),
  [ASKED, raw({ flags: 0x8183, counts: [1, 0, 1, 1], rest: [record(6, Buffer.alloc(22)), opt()] })],
]

/** One mutated answer, with what was asked and how it came. */
export interface DnsMutant {
  readonly asked: Asked
  readonly bytes: Buffer
  readonly transport: 'udp' | 'tcp'
}

/** The next mutant of a seeded row. The id and the question's start mostly stay, or nothing would be read behind them. */
export function dnsMutant(random: () => number): DnsMutant {
  const [asked, bytes] = SEEDS[Math.floor(random() * SEEDS.length)] ?? [ASKED, raw()]
  const out = mutant(bytes, random)
  if (random() < 0.8) bytes.copy(out, 0, 0, Math.min(4, out.length))
  if (random() < 0.5) bytes.copy(out, 12, 12, Math.min(33, out.length))
  return { asked, bytes: out, transport: random() < 0.5 ? 'udp' : 'tcp' }
}

/** What an accepted answer breaks; null when it is consistent. The counts and lengths bound the work of whoever reads it. */
export function breach(reply: Reply, { asked, bytes, transport }: DnsMutant): string | null {
  if (reply.kind !== 'answer') return null
  if (reply.records.length > MAX_RECORDS[transport]) return 'too many records'
  if (reply.records.length > bytes.length / 11) return 'more records than bytes for them'
  for (const { type, name, data, ttl } of reply.records) {
    if (name.length > LONGEST_NAME) return 'a name that is too long'
    if (name.includes('\0') || data.includes('undefined')) return 'an invented value'
    if (!(ttl >= 0 && ttl < 2 ** 31)) return 'a lifetime that is none'
    if (type === 'A' && !isIPv4(data)) return 'an address that is none'
    if (type === 'AAAA' && !isIPv6(data)) return 'an address that is none'
    if (data.length > bytes.length) return 'data longer than the message'
  }
  const scope = reply.subnetScope
  if (scope !== null && !(scope >= 0 && scope <= 128)) return 'a scope that is none'
  const owners = new Set(reply.records.map(({ name }) => name.toLowerCase()))
  return owners.size === 0 || owners.has(asked.name) ? null : 'an answer to nothing that was asked'
}
