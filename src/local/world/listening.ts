import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, type Server, type Socket } from 'node:net'
import type { Endpoint } from './addresses.ts'
import type { Flow, TcpTarget } from './directory.ts'

const LOOPBACK = '127.0.0.1'

/** Everything that listens or is open in a world, so that closing leaves nothing behind. */
export interface Sockets {
  /** Listens on loopback with a free port, and returns the port. */
  listen(server: Server): Promise<number>
  bindUdp(): Promise<UdpSocket>
  /** Closes a bound socket once; dgram throws at a second time. */
  closeUdp(socket: UdpSocket): void
  /** Keeps a connection until it closes; swallows its errors, which its users hear of as well. */
  keep<T extends Socket>(socket: T): T
  /** Opens the loopback connection behind a flow; the server finds the flow by the connection's port. */
  open(target: TcpTarget, flow: Flow): Promise<Socket>
  /** The flow behind a connection that a server has accepted. */
  flowOf(accepted: Pick<Socket, 'remotePort'>): Flow | undefined
  close(): Promise<void>
}

export const createSockets = (): Sockets => {
  const servers = new Set<Server>()
  const sockets = new Set<Socket>()
  const udp = new Set<UdpSocket>()
  const flows = new Map<number, Flow>()

  const keep = <T extends Socket>(socket: T): T => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
    return socket
  }
  const closeUdp = (socket: UdpSocket): void => {
    if (udp.delete(socket)) socket.close()
  }
  return {
    keep,
    closeUdp,
    listen: async (server) => {
      server.on('connection', keep)
      servers.add(server)
      server.listen(0, LOOPBACK)
      await once(server, 'listening')
      const bound = server.address()
      if (bound === null || typeof bound === 'string') throw new Error('a loopback server has no port')
      return bound.port
    },
    bindUdp: async () => {
      const socket = createSocket('udp4')
      udp.add(socket)
      socket.on('error', () => {})
      socket.bind(0, LOOPBACK)
      await once(socket, 'listening')
      return socket
    },
    open: async (target, flow) => {
      const socket = keep(connect({ host: LOOPBACK, port: target.loopbackPort, allowHalfOpen: true }))
      await once(socket, 'connect')
      const { localPort } = socket
      if (localPort !== undefined) {
        flows.set(localPort, flow)
        socket.once('close', () => flows.delete(localPort))
      }
      return socket
    },
    flowOf: ({ remotePort }) => (remotePort === undefined ? undefined : flows.get(remotePort)),
    close: async () => {
      for (const socket of sockets) socket.destroy()
      for (const socket of udp) closeUdp(socket)
      await Promise.all([...servers].map((server) => new Promise((resolve) => server.close(resolve))))
    },
  }
}

/** `address:port`, for messages. */
export const written = ({ address, port }: Endpoint): string => `${address}:${port}`
