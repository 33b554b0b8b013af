import type { Endpoint } from './addresses.ts'
import { canonical, within } from './addresses.ts'
import type { Place, Whereabouts } from './spec.ts'

/** One TCP connection, or one association and destination: who talks to whom, in claimed addresses. */
export interface Flow {
  readonly office: string
  readonly from: Endpoint
  readonly to: Endpoint
  /** Where it enters the Internet: the office, or the place its traffic is carried to. */
  readonly exit: Place
}

/** The loopback server behind a claimed TCP port. */
export interface TcpTarget {
  readonly loopbackPort: number
  /** Drop a handshake whose ClientHello is larger than this many bytes. */
  readonly largestHello?: number | undefined
}

/** Takes one datagram of a flow and may answer it, once or often, now or later. */
export type UdpService = (packet: Buffer, flow: Flow, reply: (packet: Buffer) => void) => void

/** What lives at a claimed address. */
export interface Host {
  whereabouts(exit: Place): Whereabouts
  tcp(port: number): TcpTarget | undefined
  udp(port: number): UdpService | undefined
}

/** Claimed addresses and what lives there. */
export interface Directory {
  /** `office` makes a (private) address known to that office alone. */
  add(address: string, host: Host, office?: string): void
  addRange(cidr: string, host: Host): void
  find(address: string, office: string): Host | undefined
}

export const createDirectory = (): Directory => {
  const hosts = new Map<string, Host>()
  const ranges: { readonly holds: (address: string) => boolean; readonly host: Host }[] = []
  const key = (address: string, office = ''): string => `${office}|${canonical(address)}`
  return {
    add: (address, host, office) => {
      hosts.set(key(address, office), host)
    },
    addRange: (cidr, host) => {
      ranges.push({ holds: within([cidr]), host })
    },
    find: (address, office) =>
      hosts.get(key(address, office)) ??
      hosts.get(key(address)) ??
      ranges.find(({ holds }) => holds(address))?.host,
  }
}

/** A host whose ports are listed by number. */
export const hostAt = (
  where: Whereabouts | ((exit: Place) => Whereabouts),
  ports: {
    readonly tcp?: Readonly<Record<number, TcpTarget>>
    readonly udp?: Readonly<Record<number, UdpService>>
  },
): Host => ({
  whereabouts: (exit) => (typeof where === 'string' ? where : where(exit)),
  tcp: (port) => ports.tcp?.[port],
  udp: (port) => ports.udp?.[port],
})
