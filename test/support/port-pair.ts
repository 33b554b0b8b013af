import type { Socket as UdpSocket } from 'node:dgram'
import { once } from 'node:events'
import type { Server } from 'node:net'

/** The system gives a TCP port without a look at UDP: where many tests ask at once, the other half is taken at times. */
const TRIES = 20

/** Both on one port of loopback, as a DNS server stands there: the port that the system gave. */
export async function listenOnOnePort(tcp: Server, udp: UdpSocket): Promise<number> {
  for (let left = TRIES; ; left--) {
    tcp.listen(0, '127.0.0.1')
    await once(tcp, 'listening')
    const bound = tcp.address()
    const port = bound !== null && typeof bound === 'object' ? bound.port : 0
    try {
      udp.bind(port, '127.0.0.1')
      await once(udp, 'listening')
      return port
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || left === 1) throw error
      const closed = once(tcp, 'close')
      tcp.close()
      await closed
    }
  }
}
