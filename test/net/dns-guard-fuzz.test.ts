import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RecordType } from '../../src/core/ports.ts'
import { type Asked, parseReply } from '../../src/net/dns-guard.ts'
import { ADDRESS, ASKED, chain, opt, question, raw, read, record } from './dns-bytes.ts'

describe('mutated packets', () => {
  const type = (name: RecordType): Asked => ({ ...ASKED, type: name })
  const seeds: readonly (readonly [Asked, Buffer])[] = [
    [ASKED, chain(3)],
    [
      ASKED,
      raw({
        counts: [1, 2, 0, 1],
        rest: [record(1, ADDRESS), record(1, ADDRESS), opt([0, 8, 0, 7, 0, 1, 24, 20, 192, 0, 2])],
      }),
    ],
    [
      type('TXT'),
      raw({ question: question(ASKED.name, 16), counts: [1, 1, 0, 0], rest: [record(16, [3, 97, 98, 99])] }),
    ],
    [
      type('AAAA'),
      raw({
        question: question(ASKED.name, 28),
        counts: [1, 1, 0, 0],
        rest: [record(28, Buffer.alloc(16, 32))],
      }),
    ],
  ]
  const mutations = fc.array(
    fc.record({ at: fc.nat(), byte: fc.nat(255), how: fc.constantFrom('set', 'cut', 'insert', 'repeat') }),
    { minLength: 1, maxLength: 6 },
  )

  function mutate(bytes: Buffer, steps: readonly { at: number; byte: number; how: string }[]): Buffer {
    let out: Buffer = Buffer.from(bytes)
    for (const { at, byte, how } of steps) {
      const place = at % (out.length + 1)
      if (how === 'set' && place < out.length) out[place] = byte
      if (how === 'cut' && byte < 40) out = out.subarray(0, place)
      if (how === 'insert')
        out = Buffer.concat([out.subarray(0, place), Buffer.from([byte]), out.subarray(place)])
      if (how === 'repeat') out = Buffer.concat([out, out.subarray(place)])
    }
    return out
  }

  it('40,000 of them give a value each, and no answer that breaks a rule', () => {
    let slowest = 0
    fc.assert(
      fc.property(fc.nat(seeds.length - 1), mutations, (index, steps) => {
        const [asked, bytes] = seeds[index] ?? [ASKED, raw()]
        const mutant = mutate(bytes, steps)
        const start = performance.now()
        const reply = parseReply(mutant, asked, 'udp')
        slowest = Math.max(slowest, performance.now() - start)
        if (reply.kind !== 'answer') return
        expect(reply.records.length).toBeLessThanOrEqual(64)
        for (const { data, name, ttl, type } of reply.records) {
          expect(data).not.toContain('undefined')
          expect(name).not.toContain('\0')
          expect(ttl).toBeLessThan(2 ** 31)
          expect(['A', 'AAAA', 'CNAME', 'TXT']).toContain(type)
        }
      }),
      { numRuns: 40_000 },
    )
    // Generous: a collection may fall into one call on a busy machine.
    expect(slowest).toBeLessThan(100)
  })

  it('random bytes behind the right header and question give a value each', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.nat(9), fc.nat(9), fc.nat(9), (bytes, an, ns, ar) => {
        const reply = read(raw({ counts: [1, an, ns, ar], rest: [Buffer.from(bytes)] }))
        expect(['malformed', 'answer', 'failed']).toContain(reply.kind)
      }),
      { numRuns: 10_000 },
    )
  })
})
