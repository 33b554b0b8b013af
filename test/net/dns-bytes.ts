import { type Asked, parseReply, type Reply } from '../../src/net/dns-guard.ts'

export const ASKED: Asked = { id: 0x1234, name: 'www.example.com', type: 'A' }
export const RESPONSE = 0x8180

/** Raw bytes: header, the question as asked, then whatever follows. */
export function raw(
  parts: {
    readonly id?: number
    readonly flags?: number
    readonly counts?: readonly [number, number, number, number]
    readonly question?: Buffer
    readonly rest?: readonly (Buffer | readonly number[])[]
  } = {},
): Buffer {
  const head = Buffer.alloc(12)
  head.writeUInt16BE(parts.id ?? ASKED.id, 0)
  head.writeUInt16BE(parts.flags ?? RESPONSE, 2)
  for (const [index, count] of (parts.counts ?? [1, 0, 0, 0]).entries())
    head.writeUInt16BE(count, 4 + 2 * index)
  return Buffer.concat([
    head,
    parts.question ?? question(),
    ...(parts.rest ?? []).map((part) => Buffer.from(part)),
  ])
}

export function wireName(name: string): Buffer {
  const labels = name
    .split('.')
    .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'latin1')]))
  return Buffer.concat([...labels, Buffer.from([0])])
}

export function question(name = ASKED.name, type = 1, klass = 1): Buffer {
  return Buffer.concat([wireName(name), Buffer.from([0, type, 0, klass])])
}

/** A record whose owner is the question's name (pointer to offset 12) unless given. */
export function record(
  type: number,
  data: Buffer | readonly number[],
  options: { owner?: Buffer; klass?: number; ttl?: number; length?: number } = {},
): Buffer {
  const body = Buffer.from(data)
  const head = Buffer.alloc(10)
  head.writeUInt16BE(type, 0)
  head.writeUInt16BE(options.klass ?? 1, 2)
  head.writeUInt32BE(options.ttl ?? 60, 4)
  head.writeUInt16BE(options.length ?? body.length, 8)
  return Buffer.concat([options.owner ?? Buffer.from([0xc0, 12]), head, body])
}

export const ADDRESS = [192, 0, 2, 1]
export const ROOT = Buffer.from([0])
export const opt = (data: readonly number[] = [], owner: Buffer = ROOT, ttl = 0): Buffer =>
  record(41, data, { owner, klass: 1232, ttl })
export const one = (...records: readonly Buffer[]): Buffer =>
  raw({ counts: [1, records.length, 0, 0], rest: records })
export const more = (...records: readonly Buffer[]): Buffer =>
  raw({ counts: [1, 0, 0, records.length], rest: records })
export const cname = (owner: string, target: string): Buffer =>
  record(5, wireName(target), { owner: wireName(owner) })
export const chain = (length: number): Buffer => {
  const links = Array.from({ length }, (_, index) =>
    cname(index === 0 ? ASKED.name : `n${index}.test`, `n${index + 1}.test`),
  )
  return one(...links, record(1, ADDRESS, { owner: wireName(`n${length}.test`) }))
}

export const read = (bytes: Buffer, asked = ASKED, transport: 'udp' | 'tcp' = 'udp'): Reply =>
  parseReply(bytes, asked, transport)
