import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MOST_AMPLIFICATION } from '../../src/beacon/answer.ts'
import { answerStun } from '../../src/beacon/stun-answer.ts'
import { heard, NONCE, queryBytes, smallZone, ZONE } from './support.ts'

const V4 = { address: '203.0.113.53', proto: 'udp' } as const
const V6 = { address: '2001:db8:1234:5678:9abc:def0:1234:5678', proto: 'udp' } as const

const names = fc.oneof(
  fc.constantFrom('', 'ns.', 'silent.', 'x-1.', 's-', 'a.b.', '_.').map((label) => `${label}${ZONE}`),
  fc.constantFrom(NONCE, `s-${NONCE}`).map((label) => `${label}.${ZONE}`),
  fc.constantFrom('example.com', 'com', 'b.world.example.com'),
)
const queries = fc
  .record({
    name: names,
    type: fc.constantFrom('A', 'AAAA', 'TXT', 'NS', 'SOA', 'ANY', 'DS', 'MX', 'AXFR'),
    edns: fc.option(
      fc.record({
        bufsize: fc.integer({ min: 0, max: 65_535 }),
        dnssecOk: fc.boolean(),
        version: fc.constantFrom(0, 0, 0, 1),
      }),
    ),
    flags: fc.integer({ min: 0, max: 0xffff }),
  })
  .map((asking) => queryBytes(asking))

/** Good queries with some bytes changed, cut or added: much closer to the parser's borders than noise. */
const mutated = fc
  .tuple(
    queries,
    fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
    fc.option(fc.nat(120)),
    fc.uint8Array({ maxLength: 8 }),
  )
  .map(([query, changes, cut, added]) => {
    const bytes = Buffer.from(query)
    for (const [at, value] of changes) bytes[at % bytes.length] = value
    return Buffer.concat([bytes.subarray(0, cut ?? bytes.length), added])
  })
const bytesOf = fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes))

describe('whatever arrives', () => {
  it('the answer over UDP is at most three times the query, whole, with its id, and marked as an answer', () => {
    const zone = smallZone()
    fc.assert(
      fc.property(fc.oneof(mutated, queries, bytesOf), fc.constantFrom(V4, V6), (bytes, from) => {
        const answer = zone.say(bytes, from)?.bytes
        if (answer === undefined) return
        expect(answer.length).toBeLessThanOrEqual(bytes.length * MOST_AMPLIFICATION)
        expect(answer.length).toBeLessThanOrEqual(1232)
        expect(answer.readUInt16BE(0)).toBe(bytes.readUInt16BE(0))
        expect(answer.readUInt16BE(2) & 0x8080).toBe(0x8000)
      }),
      { numRuns: 5000 },
    )
  })

  it('a well-formed query has an answer that another implementation reads, or "ask over TCP" of its own size', () => {
    const zone = smallZone()
    fc.assert(
      fc.property(queries, fc.constantFrom(V4, V6), (bytes, from) => {
        const answer = zone.say(bytes, from)?.bytes
        if (answer === undefined || answer.length === 12) return
        const { tc, question } = heard(answer)
        expect(question).toBe(heard(bytes).question)
        if (tc) expect(answer.length).toBeLessThanOrEqual(bytes.length)
      }),
      { numRuns: 2000 },
    )
  })

  it('the STUN server answers at most three times as much, and only Binding requests', () => {
    const near = fc.tuple(bytesOf, fc.nat(3), fc.boolean()).map(([body, type, honest]) => {
      const attributes = body.subarray(0, 4 * Math.floor(body.length / 4))
      const head = Buffer.alloc(20, 1)
      head.writeUInt16BE(type, 0)
      head.writeUInt16BE(honest ? attributes.length : 8, 2)
      head.writeUInt32BE(0x2112a442, 4)
      return Buffer.concat([head, attributes])
    })
    fc.assert(
      fc.property(fc.oneof(near, bytesOf), fc.constantFrom(V4, V6), (bytes, { address }) => {
        const answer = answerStun(bytes, address, 40_000)
        if (answer === null) return
        expect(bytes.readUInt16BE(0)).toBe(1)
        expect(answer.length).toBeLessThanOrEqual(bytes.length * MOST_AMPLIFICATION)
      }),
      { numRuns: 3000 },
    )
  })
})
