import { describe, expect, it } from 'vitest'
import { SIGHTING_MS } from '../../src/beacon/sightings.ts'
import { handClock, heard, NONCE, queryBytes, smallZone, ZONE } from './support.ts'

const SOA_0 = /^SOA 0 \{"mname":"ns.b.world.example","rname":"hostmaster.b.world.example".*"minimum":0\}$/
const V6 = { address: '2001:db8:1234:5678:9abc:def0:1234:5678', proto: 'udp' } as const

describe('what a nonce is answered', () => {
  it('is who asked, with everything that the query showed, and may not be kept', () => {
    const answer = smallZone().ask({ name: `${NONCE}.${ZONE}` })
    expect(answer).toMatchObject({ rcode: 'NOERROR', aa: true, ra: false, tc: false, authority: [] })
    expect(answer.answers).toEqual([
      `TXT 0 v=1 ns=203.0.113.53 ecs=- proto=udp do=0 bufsize=1232 qname=${NONCE}.${ZONE}`,
    ])
  })

  it.each([
    ['no EDNS', null, 'ecs=- proto=udp do=0 bufsize=512'],
    ['DNSSEC wanted', { bufsize: 4096, dnssecOk: true }, 'ecs=- proto=udp do=1 bufsize=4096'],
    ['a client subnet', { subnet: '198.51.100.0/24' }, 'ecs=198.51.100.0/24 proto=udp do=0 bufsize=1232'],
    ['an IPv6 subnet', { subnet: '2001:db8:5::/48' }, 'ecs=2001:db8:5::/48 proto=udp do=0 bufsize=1232'],
    ['an opt-out', { subnet: '0.0.0.0/0' }, 'ecs=0.0.0.0/0 proto=udp do=0 bufsize=1232'],
  ])('shows %s', (_, edns, shown) => {
    const [line] = smallZone().ask({ name: `${NONCE}.${ZONE}`, edns }).answers
    expect(line).toContain(` ${shown} `)
  })

  it('echoes the client subnet with scope 0, and the DO bit', () => {
    const answer = smallZone().ask({
      name: `${NONCE}.${ZONE}`,
      edns: { subnet: '198.51.100.0/24', dnssecOk: true },
    })
    expect(answer.opt).toMatchObject({ udpPayloadSize: 1232, ednsVersion: 0, flag_do: true })
    expect(answer.opt?.options).toMatchObject([
      { code: 8, family: 1, sourcePrefixLength: 24, scopePrefixLength: 0, ip: '198.51.100.0' },
    ])
  })

  it('keeps the case of every letter, in the question and in the text', () => {
    const name = 'ABcdefABcdefABcdefABcdefABcdefAB.B.woRLD.eXample'
    const answer = smallZone().ask({ name })
    expect(answer.question).toBe(name)
    expect(answer.answers[0]).toContain(`qname=${name}`)
  })

  it.each([
    ['A', { address: '203.0.113.53', proto: 'udp' } as const, ['A 0 203.0.113.53']],
    ['AAAA', V6, [`AAAA 0 ${V6.address}`]],
    ['AAAA', { address: '203.0.113.53', proto: 'udp' } as const, []],
    ['A', V6, []],
    ['MX', V6, []],
  ])('is for %s the address that asked, or no such record', (type, from, lines) => {
    const answer = smallZone().ask({ name: `${NONCE}.${ZONE}`, type }, from)
    expect(answer).toMatchObject({ rcode: 'NOERROR', aa: true, answers: lines })
    if (lines.length === 0) expect(answer.authority).toEqual([expect.stringMatching(SOA_0)])
  })

  it('fits over UDP from a long IPv6 address too', () => {
    expect(smallZone().ask({ name: `${NONCE}.${ZONE}` }, V6).tc).toBe(false)
  })
})

describe('reading back', () => {
  const from = { address: '203.0.113.53', proto: 'tcp' } as const

  it('gives every sighting with its type, oldest first, and is none itself', () => {
    const { ask } = smallZone()
    ask({ name: `${NONCE.toUpperCase()}.${ZONE}`, type: 'A' })
    ask({ name: `${NONCE}.${ZONE}`, type: 'AAAA' }, V6)
    ask({ name: `${NONCE}.${ZONE}`, type: 'UNKNOWN_65' }, V6)
    const once = ask({ name: `S-${NONCE}.${ZONE}` }, from).answers
    expect(once).toEqual([
      `TXT 0 v=1 ns=203.0.113.53 ecs=- proto=udp do=0 bufsize=1232 qname=${NONCE.toUpperCase()}.${ZONE} type=A`,
      `TXT 0 v=1 ns=${V6.address} ecs=- proto=udp do=0 bufsize=1232 qname=${NONCE}.${ZONE} type=AAAA`,
      `TXT 0 v=1 ns=${V6.address} ecs=- proto=udp do=0 bufsize=1232 qname=${NONCE}.${ZONE} type=HTTPS`,
    ])
    expect(ask({ name: `s-${NONCE}.${ZONE}` }, from).answers).toEqual(once)
  })

  it('of a nonce that was never seen is "no such name", not to be kept', () => {
    const answer = smallZone().ask({ name: `s-${NONCE}.${ZONE}` })
    expect(answer).toMatchObject({ rcode: 'NXDOMAIN', aa: true, answers: [] })
    expect(answer.authority).toEqual([expect.stringMatching(SOA_0)])
  })

  it('has no other type', () => {
    const { ask } = smallZone()
    ask({ name: `${NONCE}.${ZONE}` })
    expect(ask({ name: `s-${NONCE}.${ZONE}`, type: 'A' })).toMatchObject({ rcode: 'NOERROR', answers: [] })
  })

  it('ends after ten minutes', () => {
    const clock = handClock()
    const { ask } = smallZone(clock)
    ask({ name: `${NONCE}.${ZONE}` })
    clock.move(SIGHTING_MS - 1)
    expect(ask({ name: `s-${NONCE}.${ZONE}` }).rcode).toBe('NOERROR')
    clock.move(1)
    expect(ask({ name: `s-${NONCE}.${ZONE}` }).rcode).toBe('NXDOMAIN')
  })

  it('of many sightings does not fit over UDP: TC=1 and nothing else, then whole over TCP', () => {
    const { ask } = smallZone()
    for (let times = 0; times < 4; times++) ask({ name: `${NONCE}.${ZONE}` })
    expect(ask({ name: `s-${NONCE}.${ZONE}` })).toMatchObject({ tc: true, answers: [], authority: [] })
    expect(ask({ name: `s-${NONCE}.${ZONE}` }, from).answers).toHaveLength(4)
  })
})

describe('the rest of the zone', () => {
  it.each([
    ['', 'SOA', ['SOA 300 {"mname":"ns.b.world.example"']],
    ['', 'NS', ['NS 300 ns.b.world.example']],
    ['ns.', 'A', ['A 300 192.0.2.10']],
    ['NS.', 'AAAA', ['AAAA 300 2001:db8::10']],
    ['silent.', 'A', ['A 300 192.0.2.99']],
  ])('%s%s', (label, type, lines) => {
    const answer = smallZone().ask({ name: `${label}${ZONE}`, type })
    expect(answer).toMatchObject({ rcode: 'NOERROR', aa: true, ra: false })
    expect(answer.answers).toEqual(lines.map((line) => expect.stringContaining(line)))
  })

  it('gives the server’s addresses beside its name', () => {
    const { additional } = smallZone().ask({ name: ZONE, type: 'NS' })
    expect(additional).toEqual(['A 300 192.0.2.10', 'AAAA 300 2001:db8::10'])
  })

  it.each([
    ['', 'A'],
    ['', 'TXT'],
    ['', 'DS'],
    ['ns.', 'TXT'],
    ['silent.', 'AAAA'],
  ])('%s %s is no such record of a name that exists', (label, type) => {
    const answer = smallZone().ask({ name: `${label}${ZONE}`, type })
    expect(answer).toMatchObject({ rcode: 'NOERROR', aa: true, answers: [] })
    expect(answer.authority).toEqual([expect.stringMatching(SOA_0)])
  })

  it.each([
    ['x-anything'],
    ['x-0123456789abcdef0123456789abcdef'],
    ['foo'],
    ['_'],
    ['s-'],
    [`s-s-${NONCE}`],
    [`${NONCE}0`],
    [`a.${NONCE}`],
    ['a.ns'],
    ['*'],
  ])('%s is no such name', (label) => {
    const answer = smallZone().ask({ name: `${label}.${ZONE}` })
    expect(answer).toMatchObject({ rcode: 'NXDOMAIN', aa: true, answers: [] })
    expect(answer.authority).toEqual([expect.stringMatching(SOA_0)])
  })

  it('has no silent name where none is configured', () => {
    const { ask } = smallZone(handClock(), { silent: [] })
    expect(ask({ name: `silent.${ZONE}`, type: 'A' }).rcode).toBe('NXDOMAIN')
  })

  it('answers ANY with RFC 8482’s one small record', () => {
    const answer = smallZone().ask({ name: `${NONCE}.${ZONE}`, type: 'ANY' })
    expect(answer.answers).toEqual(['HINFO 0 {"cpu":"RFC8482","os":""}'])
  })
})

describe('what is refused', () => {
  it.each([
    ['another zone', { name: 'www.example.com', type: 'A' }],
    ['the parent', { name: 'world.example', type: 'NS' }],
    ['the root', { name: '.', type: 'NS' }],
    ['a name that only ends in the same letters', { name: 'xb.world.example', type: 'A' }],
    ['class CH', { name: 'id.server', type: 'TXT', class: 'CH' }],
    ['class CH in the zone', { name: ZONE, type: 'TXT', class: 'CH' }],
    ['a zone transfer', { name: ZONE, type: 'AXFR' }],
  ])('%s', (_, asking) => {
    const answer = smallZone().ask(asking)
    expect(answer).toMatchObject({ rcode: 'REFUSED', aa: false, ra: false, answers: [], authority: [] })
  })

  it('a label that holds a dot is not two labels', () => {
    const bytes = queryBytes({ name: `${NONCE}.${ZONE}`, edns: null })
    // The length byte of `b` and the dot between: `b.world` as one label.
    const at = 12 + 33
    bytes[at] = 7
    bytes[at + 2] = 0x2e
    const { say } = smallZone()
    const answer = say(bytes, { address: '203.0.113.53', proto: 'udp' })
    expect((answer?.bytes.readUInt16BE(2) ?? 0) & 0xf).toBe(5)
  })

  it('RD and CD are repeated, RA and AD never set', () => {
    const { bytes } = smallZone().ask({ name: ZONE, type: 'SOA', flags: 0x0130 })
    expect(bytes.readUInt16BE(2)).toBe(0x8000 | 0x0400 | 0x0110)
  })

  const origin = { address: '203.0.113.53', proto: 'udp' } as const
  const good = (): Buffer => queryBytes({ name: `${NONCE}.${ZONE}` })
  const patched = (at: number, value: number): Buffer => {
    const bytes = good()
    bytes.writeUInt16BE(value, at)
    return bytes
  }
  const header = (rcode: number, opcode = 0) => ({ length: 12, flags: 0x8000 | opcode | rcode })
  it.each([
    ['two questions', patched(4, 2), header(1)],
    ['no question', patched(4, 0), header(1)],
    ['an update', patched(2, 0x2800), header(4, 0x2800)],
    ['a notify', patched(2, 0x2000), header(4, 0x2000)],
    ['records that are not there', patched(10, 5), header(1)],
    ['65,535 records', patched(10, 65_535), header(1)],
    ['a byte too many', Buffer.concat([good(), Buffer.from([0])]), header(1)],
    ['a header alone', good().subarray(0, 12), header(1)],
    ['a name cut short', good().subarray(0, 30), header(1)],
    ['two OPT records', twoOpts(), header(1)],
    ['a subnet with bits beyond its prefix', subnet([0, 1, 23, 0, 203, 0, 113]), header(1)],
    ['a subnet with too few bytes', subnet([0, 1, 24, 0, 203, 0]), header(1)],
    ['a subnet with a prefix of 33', subnet([0, 1, 33, 0, 203, 0, 113, 1, 0]), header(1)],
    ['a subnet with a scope', subnet([0, 1, 24, 24, 203, 0, 113]), header(1)],
  ])('%s gets a header with the right code', (_, bytes, expected) => {
    const answer = smallZone().say(bytes, origin)
    expect({ length: answer?.bytes.length, flags: answer?.bytes.readUInt16BE(2) }).toEqual(expected)
  })

  it.each([
    ['an answer', patched(2, 0x8000)],
    ['eleven bytes', good().subarray(0, 11)],
    ['nothing', Buffer.alloc(0)],
  ])('%s meets silence', (_, bytes) => {
    expect(smallZone().say(bytes, origin)).toBeNull()
  })

  it('another version of EDNS is BADVERS', () => {
    const { opt, bytes } = smallZone().ask({ name: ZONE, type: 'SOA', edns: { version: 1 } })
    expect([opt?.extendedRcode, opt?.ednsVersion, bytes.readUInt16BE(2) & 0xf]).toEqual([1, 0, 0])
  })

  it('a subnet of an unknown family is as if there were none', () => {
    const answer = smallZone().say(subnet([0, 9, 8, 0, 1]), origin)
    expect(heard(answer?.bytes ?? Buffer.alloc(0)).answers[0]).toContain(' ecs=- ')
  })

  function subnet(data: readonly number[]): Buffer {
    const bytes = Buffer.concat([good(), Buffer.from([0, 8, 0, data.length, ...data])])
    bytes.writeUInt16BE(4 + data.length, good().length - 2)
    return bytes
  }

  function twoOpts(): Buffer {
    const bytes = Buffer.concat([good(), good().subarray(-11)])
    bytes.writeUInt16BE(2, 10)
    return bytes
  }
})
