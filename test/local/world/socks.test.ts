import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  answer,
  datagramFrom,
  REPLY,
  readDatagram,
  readGreeting,
  readRequest,
} from '../../../src/local/world/socks.ts'

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')

describe('the SOCKS 5 messages of a gateway', () => {
  it('reads a greeting that offers to go without authentication', () => {
    expect(readGreeting(hex('05 02 02 00'))).toEqual({ state: 'done', value: true, length: 4 })
    expect(readGreeting(hex('05 01 02'))).toEqual({ state: 'done', value: false, length: 3 })
    expect(readGreeting(hex('05 02 02'))).toEqual({ state: 'more' })
    expect(readGreeting(hex('04 01'))).toMatchObject({ state: 'refused' })
  })

  it.each([
    ['an IPv4 connect', '05 01 00 01 34610102 01bb', 'connect', '52.97.1.2', 443],
    ['an IPv6 connect', '05 01 00 04 20010db8000000000000000000000053 0035', 'connect', '2001:db8::53', 53],
    ['an association', '05 03 00 01 00000000 0000', 'associate', '0.0.0.0', 0],
  ])('reads %s', (_what, bytes, command, address, port) => {
    expect(readRequest(hex(bytes))).toMatchObject({
      state: 'done',
      value: { command, to: { address, port } },
    })
  })

  it.each([
    ['a name', '05 01 00 03 03 612e62 01bb', REPLY.addressTypeNotSupported],
    ['an unknown address type', '05 01 00 09 00', REPLY.addressTypeNotSupported],
    ['BIND', '05 02 00 01 00000000 0000', REPLY.commandNotSupported],
  ])('refuses %s', (_what, bytes, reply) => {
    expect(readRequest(hex(bytes))).toEqual({ state: 'refused', reply })
  })

  it.each([
    ['a fragment', '0000 01 01 34610102 0035 aa'],
    ['a name', '0000 00 03 03 612e62 0035 aa'],
    ['reserved bits', '0001 00 01 34610102 0035 aa'],
    ['a short header', '0000 00 01 3461'],
  ])('drops a datagram with %s', (_what, bytes) => {
    expect(readDatagram(hex(bytes))).toBeUndefined()
  })

  it('reads back the datagrams that it writes, whatever they hold', () => {
    const address = fc.oneof(fc.ipV4(), fc.constantFrom('::', '::1', '2001:db8::1', '2603:1006:0:1::7'))
    fc.assert(
      fc.property(
        address,
        fc.integer({ min: 0, max: 65_535 }),
        fc.uint8Array({ maxLength: 64 }),
        (host, port, bytes) => {
          const to = { address: host, port }
          expect(readDatagram(datagramFrom(to, Buffer.from(bytes)))).toEqual({
            to,
            payload: Buffer.from(bytes),
          })
        },
      ),
    )
  })

  it('never throws, and asks for more only while a message can still grow', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const buffer = Buffer.from(bytes)
        readDatagram(buffer)
        readGreeting(buffer)
        const request = readRequest(buffer)
        if (request.state === 'more') expect(buffer.length).toBeLessThan(22)
      }),
    )
  })

  it('writes a reply with the bound address', () => {
    expect(answer(0, { address: '127.0.0.1', port: 4242 }).toString('hex')).toBe('050000017f0000011092')
  })
})
