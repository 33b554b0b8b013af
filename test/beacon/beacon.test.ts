import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { CannotListen } from '../../src/beacon/cannot-listen.ts'
import { directDialer } from '../../src/net/dialer.ts'
import { askServer } from '../../src/net/dns-client.ts'
import { encodeRequest, parseStun } from '../../src/net/stun-message.ts'
import { systemRandom } from '../../src/os/random.ts'
import {
  firstOverUdp,
  framed,
  handClock,
  heard,
  NONCE,
  overTcp,
  overUdp,
  queryBytes,
  startTestBeacon,
  ZONE,
} from './support.ts'

const NEVER = new AbortController().signal
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function started(...args: Parameters<typeof startTestBeacon>) {
  const beacon = await startTestBeacon(...args)
  closing.push(beacon.close)
  const [dns = { address: '', port: 0 }] = beacon.dns
  const [stun = { address: '', port: 0 }] = beacon.stun
  return { ...beacon, dns, stun }
}

const V6 = { listen: [{ address: '::1', port: 0 }] }

describe('a beacon on real sockets', () => {
  it.each([
    ['IPv4', {}, '127.0.0.1'],
    ['IPv6', V6, '::1'],
  ])('answers over UDP and TCP, %s', async (_, config, address) => {
    const { dns } = await started(config)
    const name = `${NONCE}.${ZONE}`
    const udp = heard((await overUdp(dns, queryBytes({ name }))) ?? Buffer.alloc(0))
    expect(udp.answers).toEqual([expect.stringContaining(`ns=${address} ecs=- proto=udp`)])
    const [tcp = Buffer.alloc(0)] = await overTcp(dns, [framed(queryBytes({ name }))], 1)
    expect(heard(tcp).answers).toEqual([expect.stringContaining(`ns=${address} ecs=- proto=tcp`)])
    const type = address === '::1' ? 'AAAA' : 'A'
    const own = heard((await overUdp(dns, queryBytes({ name, type }))) ?? Buffer.alloc(0))
    expect(own.answers).toEqual([`${type} 0 ${address}`])
  })

  it('listens on several addresses with one memory', async () => {
    const both = [{ address: '127.0.0.1', port: 0 }, ...V6.listen]
    const beacon = await startTestBeacon({ listen: both })
    closing.push(beacon.close)
    const [first = { address: '', port: 0 }, second = first] = beacon.dns
    await overUdp(first, queryBytes({ name: `${NONCE}.${ZONE}`, type: 'A' }))
    await overUdp(second, queryBytes({ name: `${NONCE}.${ZONE}`, type: 'A' }))
    const [back = Buffer.alloc(0)] = await overTcp(
      second,
      [framed(queryBytes({ name: `s-${NONCE}.${ZONE}` }))],
      1,
    )
    expect(heard(back).answers.map((line) => /ns=\S+/.exec(line)?.[0])).toEqual(['ns=127.0.0.1', 'ns=::1'])
  })

  it('says TC=1 where an answer is too large, and the runner’s own client then takes it over TCP', async () => {
    const { dns } = await started()
    for (let times = 0; times < 5; times++) await overUdp(dns, queryBytes({ name: `${NONCE}.${ZONE}` }))
    const answer = await askServer(
      { dialer: directDialer, random: systemRandom, port: dns.port },
      { name: `s-${NONCE}.${ZONE}`, type: 'TXT', server: dns.address, timeoutMs: 5000 },
      NEVER,
    )
    expect(answer).toMatchObject({ ok: true, result: { transport: 'tcp', flags: { authoritative: true } } })
    expect(answer.ok && answer.result.records).toHaveLength(5)
  })

  it('stays quiet above its rate, slips a way to TCP, and answers there', async () => {
    const { dns, log, close } = await started({ perSecond: 1 }, handClock())
    const query = (id: number) => queryBytes({ name: ZONE, type: 'SOA', id })
    for (let id = 1; id <= 5; id++) {
      expect(heard((await overUdp(dns, query(id))) ?? Buffer.alloc(0)).tc).toBe(false)
    }
    const slipped = (await firstOverUdp(dns, [query(6), query(7)])) ?? Buffer.alloc(0)
    expect(slipped.readUInt16BE(0)).toBe(7)
    expect(heard(slipped)).toMatchObject({ tc: true, answers: [] })
    const [tcp = Buffer.alloc(0)] = await overTcp(dns, [framed(queryBytes({ name: ZONE, type: 'SOA' }))], 1)
    expect(heard(tcp).answers).toHaveLength(1)
    await close()
    closing.length = 0
    expect(log.lines).toContainEqual({ level: 'info', facts: { answer: 6, limited: 2 }, message: 'served' })
  })

  it('names nobody in its log above debug', async () => {
    const { dns, log } = await started()
    await overUdp(dns, queryBytes({ name: `${NONCE}.${ZONE}` }))
    const loud = log.lines.filter(({ level }) => level !== 'debug')
    expect(loud.map(({ message }) => message)).toEqual(['beacon answers'])
    expect(log.lines).toContainEqual(expect.objectContaining({ level: 'debug', message: 'query' }))
  })

  it('says in one sentence that a port is taken', async () => {
    const { dns } = await started()
    const again = startTestBeacon({ listen: [dns] })
    await expect(again).rejects.toBeInstanceOf(CannotListen)
    await expect(again).rejects.toThrow(`cannot listen on TCP port ${dns.port} of 127.0.0.1: another program`)
  })

  it('closes what it had opened when a later address cannot be had', async () => {
    const free = await startTestBeacon({ stunPort: null })
    const [{ port } = { port: 0 }] = free.dns
    await free.close()
    const listen = [
      { address: '127.0.0.1', port },
      { address: '192.0.2.254', port },
    ]
    await expect(startTestBeacon({ listen })).rejects.toThrow('this machine does not have that address')
    await started({ listen: listen.slice(0, 1) })
  })
})

describe('DNS over TCP', () => {
  it('answers queries in order, however the bytes are cut', async () => {
    const { dns } = await started()
    const ids = [1, 2, 3, 4, 5]
    const stream = Buffer.concat(ids.map((id) => framed(queryBytes({ name: ZONE, type: 'SOA', id }))))
    const whole = await overTcp(dns, [stream], ids.length)
    const bytewise = await overTcp(
      dns,
      Array.from(stream, (byte) => Buffer.from([byte])),
      ids.length,
    )
    for (const replies of [whole, bytewise]) expect(replies.map((one) => one.readUInt16BE(0))).toEqual(ids)
  })

  it.each([
    ['a frame shorter than a header', Buffer.from([0, 11, 1])],
    ['a frame larger than any query', Buffer.from([0xff, 0xff, 1])],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['an answer', framed(Buffer.from([0, 1, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0]))],
  ])('closes on %s', async (_, bytes) => {
    const { dns } = await started()
    expect(await overTcp(dns, [bytes], 1)).toEqual([])
  })

  it('ends a connection that brings no whole query in ten seconds, also one that dribbles', async () => {
    const clock = handClock()
    const { dns } = await started({}, clock)
    const query = framed(queryBytes({ name: ZONE, type: 'SOA' }))
    const socket = connect(dns.port, dns.address)
    const ended = new Promise((resolve) => socket.on('close', () => resolve('closed')))
    const answered = new Promise((resolve) => socket.once('data', resolve))
    socket.write(query)
    await answered
    clock.move(9999)
    // An answer to another connection proves that these bytes were read first.
    socket.write(query.subarray(0, 10))
    await overTcp(dns, [query], 1)
    clock.move(1)
    expect(await ended).toBe('closed')
  })

  it('refuses what is more than 64 connections of one network, and recovers', async () => {
    const { dns } = await started()
    const query = framed(queryBytes({ name: ZONE, type: 'SOA' }))
    const open = Array.from({ length: 64 }, () => connect(dns.port, dns.address))
    await Promise.all(
      open.map((socket) => {
        socket.write(query)
        return new Promise((resolve) => socket.once('data', resolve))
      }),
    )
    expect(await overTcp(dns, [query], 1)).toEqual([])
    const [first] = open
    const gone = new Promise((resolve) => first?.on('close', resolve))
    first?.end()
    await gone
    await expect.poll(() => overTcp(dns, [query], 1)).toHaveLength(1)
    for (const socket of open) socket.destroy()
  })

  it('closes after a thousand queries', async () => {
    const { dns } = await started()
    const one = framed(queryBytes({ name: ZONE, type: 'SOA' }))
    const replies = await overTcp(dns, [Buffer.concat(Array.from({ length: 1100 }, () => one))], 1100)
    expect(replies).toHaveLength(1000)
  })
})

describe('STUN', () => {
  const transaction = Buffer.from('0123456789ab')

  it.each([
    ['IPv4', {}, '127.0.0.1'],
    ['IPv6', V6, '::1'],
  ])('tells who asks for a Binding its address and port, %s', async (_, config, address) => {
    const { stun } = await started(config)
    const answer = (await overUdp(stun, encodeRequest('binding', transaction))) ?? Buffer.alloc(0)
    const reply = parseStun(answer, transaction)
    expect(reply).toEqual({ kind: 'mapped', mapped: { address, port: expect.any(Number) } })
  })

  it('says 420 to an attribute that it does not know', async () => {
    const { stun } = await started()
    const request = Buffer.concat([
      encodeRequest('binding', transaction),
      Buffer.from([0, 3, 0, 4, 0, 0, 0, 2]),
    ])
    request.writeUInt16BE(8, 2)
    const answer = (await overUdp(stun, request)) ?? Buffer.alloc(0)
    expect(parseStun(answer, transaction)).toEqual({ kind: 'error', code: 420 })
    // UNKNOWN-ATTRIBUTES with the one.
    expect(answer.subarray(-8)).toEqual(Buffer.from([0, 10, 0, 2, 0, 3, 0, 0]))
  })

  it.each([
    ['an Allocate', encodeRequest('allocate', transaction)],
    ['a Binding without the cookie', encodeRequest('binding', transaction).fill(0, 4, 8)],
    [
      'a Binding indication',
      Buffer.concat([Buffer.from([0, 0x11]), encodeRequest('binding', transaction).subarray(2)]),
    ],
    ['a DNS query', queryBytes({ name: ZONE, type: 'SOA' })],
  ])('is silent to %s', async (_, bytes) => {
    const { stun } = await started()
    const afterwards = encodeRequest('binding', Buffer.alloc(12, 9))
    const first = await firstOverUdp(stun, [bytes, afterwards])
    expect(first?.subarray(8, 20)).toEqual(afterwards.subarray(8, 20))
  })

  it('can be left off', async () => {
    const beacon = await startTestBeacon({ stunPort: null })
    closing.push(beacon.close)
    expect(beacon.stun).toEqual([])
  })
})
