import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** What the proxy does: `drop` lets the request through and cuts the connection when the answer comes. */
export type Fault = 'pass' | 'drop' | 'reset' | 'hang'

/** A TCP proxy on 127.0.0.1 that spoils traffic on demand. */
export interface FaultProxy {
  readonly port: number
  /** Sets the fault; with `times` it passes again after that many. */
  set(fault: Fault, times?: number): void
  /** Faults done so far. */
  done(): number
  close(): Promise<void>
}

/** Starts a proxy in front of a port of 127.0.0.1. */
export async function startFaultProxy(target: number): Promise<FaultProxy> {
  const sockets = new Set<Socket>()
  let fault: Fault = 'pass'
  let left = Number.POSITIVE_INFINITY
  let done = 0
  const spend = () => {
    done += 1
    left -= 1
    if (left <= 0) fault = 'pass'
  }
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1')
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.on('data', (chunk) => {
      if (fault === 'hang') return
      if (fault !== 'reset') return void upstream.write(chunk)
      spend()
      client.resetAndDestroy()
    })
    upstream.on('data', (chunk) => {
      if (fault !== 'drop') return void client.write(chunk)
      spend()
      client.resetAndDestroy()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    set: (next, times = Number.POSITIVE_INFINITY) => {
      fault = next
      left = times
    },
    done: () => done,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
