import { createSocket } from 'node:dgram'
import { isIP } from 'node:net'
import { done, failed, type Outcome } from '../core/failure.ts'
import type { HostAddress, HostPort } from '../core/ports.ts'
import { settleOnce } from './settle.ts'
import { socketFailure } from './socket-errors.ts'

/** The discard port: a connected datagram socket that nothing is written to sends nothing there. */
const DISCARD_PORT = 9
const TIMEOUT_MS = 1_000

/** The real host: its own interfaces, and the kernel's choice of source address. */
export function realHost(interfaces: () => readonly HostAddress[]): HostPort {
  return { interfaces, sourceTowards }
}

/** A world's host: everything leaves by the first interface of the destination's family. */
export function worldHost(
  addresses: readonly { readonly name: string; readonly address: string }[],
): HostPort {
  const interfaces = addresses.map(
    ({ name, address }): HostAddress => ({
      name,
      address,
      family: isIP(address) === 6 ? 6 : 4,
    }),
  )
  return {
    interfaces: () => interfaces,
    sourceTowards: async (address) => {
      const own = interfaces.find(({ family }) => family === isIP(address))
      return own === undefined ? failed('network-unreachable') : done(own.address)
    },
  }
}

function sourceTowards(address: string, signal: AbortSignal): Promise<Outcome<string>> {
  const family = isIP(address)
  if (family === 0) return Promise.resolve(failed('params-refused', 'not a literal address'))
  return settleOnce({ timeoutMs: TIMEOUT_MS, signal }, (settle) => {
    const socket = createSocket({ type: family === 6 ? 'udp6' : 'udp4' })
    socket.on('error', (error) => settle(socketFailure(error, 'network-unreachable')))
    socket.once('connect', () => settle(done(socket.address().address)))
    socket.connect(DISCARD_PORT, address)
    return () => socket.close()
  })
}
