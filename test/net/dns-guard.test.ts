import packet from 'dns-packet'
import { describe, expect, it } from 'vitest'
import type { Asked, Reply } from '../../src/net/dns-guard.ts'
import {
  ADDRESS,
  ASKED,
  chain,
  cname,
  more,
  one,
  opt,
  question,
  RESPONSE,
  ROOT,
  raw,
  read,
  record,
  wireName,
} from './dns-bytes.ts'

describe('parseReply answers every bad packet of the table with a value', () => {
  const self = Buffer.from([0xc0, 12, 0, 1, 0, 1])
  const forward = Buffer.from([0xc0, 40, 0, 1, 0, 1])
  it.each<[what: string, packet: Buffer, kind: Reply['kind']]>([
    ['0 bytes', Buffer.alloc(0), 'malformed'],
    ['11 bytes', raw().subarray(0, 11), 'malformed'],
    ['a header only', raw().subarray(0, 12), 'malformed'],
    ['a header only that counts no question', raw({ counts: [0, 0, 0, 0] }).subarray(0, 12), 'stray'],
    ['counts of 65535 and no data', raw({ counts: [1, 65535, 65535, 65535] }), 'malformed'],
    ['65535 questions and no data', raw({ counts: [65535, 0, 0, 0] }), 'stray'],
    ['a pointer to itself', raw({ question: self }), 'malformed'],
    ['a forward pointer', raw({ question: forward }), 'malformed'],
    ['a pointer into the header', raw({ question: Buffer.from([0xc0, 2, 0, 1, 0, 1]) }), 'malformed'],
    ['a pointer at the last byte', raw({ question: Buffer.from([0xc0]) }), 'malformed'],
    ['label type 0x40', raw({ question: Buffer.from([0x41, 97, 0, 0, 1, 0, 1]) }), 'malformed'],
    ['label type 0x80', raw({ question: Buffer.from([0x81, 97, 0, 0, 1, 0, 1]) }), 'malformed'],
    ['more than 4 KB over UDP', one(record(16, Buffer.alloc(5000))), 'malformed'],
    ['65 records', one(...Array.from({ length: 65 }, () => record(1, ADDRESS))), 'malformed'],
    ['an A of 0 bytes', one(record(1, [])), 'malformed'],
    ['an A of 2 bytes', one(record(1, [1, 2])), 'malformed'],
    ['an A of 16 bytes', one(record(1, Buffer.alloc(16))), 'malformed'],
    ['an A that claims 65535 bytes', one(record(1, ADDRESS, { length: 65535 })), 'malformed'],
    ['an AAAA of 4 bytes', one(record(28, ADDRESS)), 'malformed'],
    ['a TXT whose inner length goes beyond', one(record(16, [9, 97, 98])), 'malformed'],
    ['an empty TXT', one(record(16, [])), 'malformed'],
    ['a CNAME whose name ends before its data', one(record(5, [1, 97, 0, 7])), 'malformed'],
    ['a CNAME whose name goes beyond its data', one(record(5, [3, 97])), 'malformed'],
    ['a SOA cut short', one(record(6, [0, 0, 1])), 'malformed'],
    ['an OPT with a name', more(opt([], wireName('a'))), 'malformed'],
    ['two OPT', more(opt(), opt()), 'malformed'],
    ['an OPT among the answers', one(opt()), 'malformed'],
    ['a client subnet of /255', more(opt([0, 8, 0, 8, 0, 1, 24, 255, 192, 0, 2, 0])), 'malformed'],
    ['a client subnet of family 3', more(opt([0, 8, 0, 8, 0, 3, 24, 24, 192, 0, 2, 0])), 'malformed'],
    ['an option that goes beyond its record', more(opt([0, 8, 0, 99, 0, 1])), 'malformed'],
    ['bytes after the last record', Buffer.concat([one(record(1, ADDRESS)), Buffer.alloc(3)]), 'malformed'],
    ['another id', raw({ id: 1 }), 'stray'],
    ['a query', raw({ flags: 0x0100 }), 'stray'],
    ['another operation', raw({ flags: RESPONSE | 0x2000 }), 'stray'],
    ['no question', raw({ counts: [0, 0, 0, 0], question: Buffer.alloc(0) }), 'stray'],
    ['two questions', raw({ counts: [2, 0, 0, 0], rest: [question()] }), 'stray'],
    ['another question', raw({ question: question('www.example.org') }), 'stray'],
    ['another type', raw({ question: question(ASKED.name, 28) }), 'stray'],
    ['another case', raw({ question: question('WWW.example.com') }), 'stray'],
    ['class CH', raw({ question: question(ASKED.name, 1, 3) }), 'stray'],
    ['an answer of class CH', one(record(1, ADDRESS, { klass: 3 })), 'malformed'],
    ['an answer for another name', one(record(1, ADDRESS, { owner: wireName('other.test') })), 'malformed'],
    ['a CNAME loop', one(cname(ASKED.name, 'b.test'), cname('b.test', ASKED.name)), 'malformed'],
    ['a CNAME to itself', one(cname(ASKED.name, ASKED.name)), 'malformed'],
    ['two CNAMEs for one name', one(cname(ASKED.name, 'b.test'), cname(ASKED.name, 'c.test')), 'malformed'],
    ['a chain of 8 CNAMEs', chain(8), 'answer'],
    ['a chain of 9 CNAMEs', chain(9), 'malformed'],
    ['a chain of 40 CNAMEs', chain(40), 'malformed'],
    [
      'a label with a dot',
      one(record(1, ADDRESS, { owner: Buffer.from([5, 97, 46, 98, 46, 99, 0]) })),
      'malformed',
    ],
    [
      'a question that only looks right',
      raw({ question: Buffer.from([15, ...Buffer.from(ASKED.name), 0, 0, 1, 0, 1]) }),
      'malformed',
    ],
    ['a label with NUL', one(record(1, ADDRESS, { owner: Buffer.from([3, 97, 0, 98, 0]) })), 'malformed'],
    ['TC with nothing else', raw({ flags: RESPONSE | 0x0200 }), 'truncated'],
    [
      'TC with records cut short',
      raw({ flags: RESPONSE | 0x0200, counts: [1, 9, 0, 0], rest: [[1, 2]] }),
      'truncated',
    ],
    ['NOERROR without records', raw(), 'answer'],
  ])('%s', (_, bytes, kind) => {
    expect(read(bytes).kind).toBe(kind)
  })

  it.each<[what: string, flags: number, opt: Buffer[], failure: string]>([
    ['FORMERR', 1, [], 'dns-error'],
    ['SERVFAIL', 2, [], 'dns-servfail'],
    ['NXDOMAIN', 3, [], 'dns-nxdomain'],
    ['NOTIMP', 4, [], 'dns-error'],
    ['REFUSED', 5, [], 'dns-refused'],
    ['YXDOMAIN', 6, [], 'dns-error'],
    ['rcode 15', 15, [], 'dns-error'],
    ['an extended rcode (BADVERS)', 0, [opt([], ROOT, 0x01000000)], 'dns-error'],
    ['an extended rcode whose low half is NXDOMAIN', 3, [opt([], ROOT, 0x01000000)], 'dns-error'],
  ])('%s is a failure of its own', (_, rcode, records, failure) => {
    const bytes = raw({ flags: RESPONSE | rcode, counts: [1, 0, 0, records.length], rest: records })
    expect(read(bytes)).toMatchObject({ kind: 'failed', failure })
  })

  const bare = (rcode: number, records: readonly Buffer[] = [], answers = 0) =>
    raw({
      flags: RESPONSE | rcode,
      counts: [0, answers, 0, records.length - answers],
      question: Buffer.alloc(0),
      rest: records,
    })

  it.each<[what: string, bytes: Buffer, failure: string]>([
    ['FORMERR', bare(1), 'dns-error'],
    ['NOTIMP', bare(4), 'dns-error'],
    ['REFUSED', bare(5), 'dns-refused'],
    ['SERVFAIL beside an OPT record', bare(2, [opt()]), 'dns-servfail'],
    ['BADVERS', bare(0, [opt([], ROOT, 0x01000000)]), 'dns-error'],
  ])('%s without the question is a failure of its own', (_, bytes, failure) => {
    expect(read(bytes)).toMatchObject({ kind: 'failed', failure })
  })

  it.each<[what: string, bytes: Buffer]>([
    ['NOERROR', bare(0)],
    [
      'an error with another id',
      raw({ id: ASKED.id ^ 1, flags: RESPONSE | 1, counts: [0, 0, 0, 0], question: Buffer.alloc(0) }),
    ],
    ['an error and an answer', bare(1, [record(1, ADDRESS, { owner: ROOT })], 1)],
    ['an error and bytes that nothing counts', Buffer.concat([bare(1), Buffer.from([1, 2, 3])])],
    ['an error that counts no question and has one', raw({ flags: RESPONSE | 1, counts: [0, 0, 0, 0] })],
    ['an error and two OPT records', bare(1, [opt(), opt()])],
  ])('%s without the question says nothing', (_, bytes) => {
    expect(read(bytes).kind).toBe('stray')
  })

  it.each([
    [0, 0],
    [2 ** 31 - 1, 2 ** 31 - 1],
    [2 ** 31, 0],
    [2 ** 32 - 1, 0],
  ])('a TTL of %d counts as %d', (ttl, counted) => {
    expect(read(one(record(1, ADDRESS, { ttl })))).toMatchObject({ records: [{ ttl: counted }] })
  })

  it('caps a TCP message at 16 KB', () => {
    const filler = (bytes: number): Buffer => one(record(65, Buffer.alloc(bytes)))
    expect(read(filler(16_000), ASKED, 'tcp').kind).toBe('answer')
    expect(read(filler(16_384), ASKED, 'tcp').kind).toBe('malformed')
  })

  it('refuses a chain of thousands of pointers', () => {
    const pointers = Array.from({ length: 7000 }, (_, index) =>
      index === 0 ? [0xc0, 12] : [0xc0 | ((31 + 2 * index) >> 8), (31 + 2 * index) & 0xff],
    ).flat()
    expect(read(raw({ counts: [1, 1, 0, 0], rest: [pointers] }), ASKED, 'tcp').kind).toBe('malformed')
  })
})

describe('parseReply reads good answers', () => {
  it('keeps the order and the kinds of the records', () => {
    const bytes = packet.encode({
      type: 'response',
      id: ASKED.id,
      flags: packet.AUTHORITATIVE_ANSWER,
      questions: [{ type: 'A', name: ASKED.name }],
      answers: [
        { type: 'CNAME', name: ASKED.name, data: 'LHR-efz.ms-acdc.office.com', ttl: 5 },
        { type: 'A', name: 'lhr-efz.ms-acdc.office.com', data: '192.0.2.7', ttl: 9 },
      ],
      additionals: [
        {
          type: 'OPT',
          name: '.',
          udpPayloadSize: 1232,
          extendedRcode: 0,
          ednsVersion: 0,
          flags: 0,
          flag_do: false,
          options: [
            {
              code: 8,
              type: 'CLIENT_SUBNET',
              ip: '203.0.113.0',
              family: 1,
              sourcePrefixLength: 24,
              scopePrefixLength: 20,
            },
          ],
        },
      ],
    })
    expect(read(bytes)).toEqual({
      kind: 'answer',
      records: [
        { name: ASKED.name, type: 'CNAME', ttl: 5, data: 'LHR-efz.ms-acdc.office.com' },
        { name: 'lhr-efz.ms-acdc.office.com', type: 'A', ttl: 9, data: '192.0.2.7' },
      ],
      flags: { authoritative: true, recursionAvailable: false },
      subnetScope: 20,
    })
  })

  it('keeps the single strings of a TXT record', () => {
    const asked: Asked = { ...ASKED, type: 'TXT' }
    const bytes = raw({
      question: question(ASKED.name, 16),
      counts: [1, 1, 0, 0],
      rest: [record(16, [3, ...Buffer.from('v=1'), 5, ...Buffer.from('ecs=-')])],
    })
    expect(read(bytes, asked)).toMatchObject({ records: [{ data: 'v=1ecs=-', strings: ['v=1', 'ecs=-'] }] })
  })
})
