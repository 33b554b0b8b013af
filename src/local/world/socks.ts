import type { Endpoint } from './addresses.ts'
import { addressBytes, bytesToIpv6, familyOf } from './addresses.ts'

/** SOCKS protocol version 5 (RFC 1928), the part a world's gateway speaks: no authentication, CONNECT, UDP ASSOCIATE. */
const VERSION = 5
const NO_AUTHENTICATION = 0
const CONNECT = 1
const UDP_ASSOCIATE = 3
const IPV4 = 1
const NAME = 3
const IPV6 = 4

/** Replies (RFC 1928 6). */
export const REPLY = {
  succeeded: 0,
  generalFailure: 1,
  networkUnreachable: 3,
  hostUnreachable: 4,
  refused: 5,
  timeout: 6,
  commandNotSupported: 7,
  addressTypeNotSupported: 8,
} as const

export type Reading<T> =
  | { readonly state: 'more' }
  | { readonly state: 'refused'; readonly reply: number }
  | { readonly state: 'done'; readonly value: T; readonly length: number }

export interface SocksRequest {
  readonly command: 'connect' | 'associate'
  readonly to: Endpoint
}

const MORE = { state: 'more' } as const
const refused = (reply: number) => ({ state: 'refused', reply }) as const

/** Reads the client's greeting; `value` says whether it offers to go without authentication. */
export const readGreeting = (bytes: Buffer): Reading<boolean> => {
  if (bytes.length < 2)
    return bytes.length === 1 && bytes[0] !== VERSION ? refused(REPLY.generalFailure) : MORE
  if (bytes[0] !== VERSION) return refused(REPLY.generalFailure)
  const length = 2 + (bytes[1] ?? 0)
  if (bytes.length < length) return MORE
  return { state: 'done', value: bytes.subarray(2, length).includes(NO_AUTHENTICATION), length }
}

const readAddress = (bytes: Buffer, type: number | undefined, at: number): Reading<Endpoint> => {
  // Names are the runner's to resolve, through its own resolvers: the gateway refuses them.
  if (type === NAME || (type !== IPV4 && type !== IPV6)) return refused(REPLY.addressTypeNotSupported)
  const size = type === IPV4 ? 4 : 16
  if (bytes.length < at + size + 2) return MORE
  const raw = bytes.subarray(at, at + size)
  const address = type === IPV4 ? raw.join('.') : bytesToIpv6(raw)
  return { state: 'done', value: { address, port: bytes.readUInt16BE(at + size) }, length: at + size + 2 }
}

/** Reads a request. Never throws, whatever the bytes. */
export const readRequest = (bytes: Buffer): Reading<SocksRequest> => {
  if (bytes.length < 4) return MORE
  if (bytes[0] !== VERSION) return refused(REPLY.generalFailure)
  const command = bytes[1] === CONNECT ? 'connect' : bytes[1] === UDP_ASSOCIATE ? 'associate' : undefined
  if (command === undefined) return refused(REPLY.commandNotSupported)
  const to = readAddress(bytes, bytes[3], 4)
  return to.state === 'done' ? { ...to, value: { command, to: to.value } } : to
}

const endpointBytes = ({ address, port }: Endpoint): Buffer => {
  const tail = Buffer.alloc(2)
  tail.writeUInt16BE(port)
  return Buffer.concat([
    Buffer.from([familyOf(address) === 'ipv4' ? IPV4 : IPV6]),
    addressBytes(address),
    tail,
  ])
}

export const greetingAnswer = (accepted: boolean): Buffer =>
  Buffer.from([VERSION, accepted ? NO_AUTHENTICATION : 0xff])

export const answer = (reply: number, bound: Endpoint = { address: '0.0.0.0', port: 0 }): Buffer =>
  Buffer.concat([Buffer.from([VERSION, reply, 0]), endpointBytes(bound)])

export interface SocksDatagram {
  readonly to: Endpoint
  readonly payload: Buffer
}

/** Reads a client's datagram (RFC 1928 7); `undefined` for a fragment, a name or anything malformed: those are dropped. */
export const readDatagram = (bytes: Buffer): SocksDatagram | undefined => {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0 || bytes[2] !== 0) return undefined
  const to = readAddress(bytes, bytes[3], 4)
  return to.state === 'done' ? { to: to.value, payload: bytes.subarray(to.length) } : undefined
}

export const datagramFrom = (from: Endpoint, payload: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0, 0, 0]), endpointBytes(from), payload])
