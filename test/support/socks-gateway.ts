import { createSocket, type Socket as Datagrams } from 'node:dgram'
import { connect, createServer, type Socket } from 'node:net'

/** Where a claimed destination really is, or the reply that refuses it. UDP to a refused one meets silence. */
export type Way = { readonly port: number } | { readonly reply: number }

export interface GatewayOptions {
  way(address: string, port: number): Way
  /** The path's round trip, ms: before the reply to a CONNECT, half each way for what follows. */
  readonly rttMs?: number
  /** Sent together with the reply to a CONNECT. */
  readonly early?: Buffer
  /** Where it listens, if not at 127.0.0.1. */
  readonly host?: string
}

export interface TestGateway {
  readonly port: number
  /** Requests so far: command (1 CONNECT, 3 UDP ASSOCIATE), address, port. */
  readonly requests: readonly { command: number; address: string; port: number }[]
  close(): Promise<void>
}

interface Claimed {
  readonly address: string
  readonly port: number
  readonly end: number
}

function readClaimed(bytes: Buffer, at: number): Claimed {
  const size = bytes[at] === 4 ? 16 : 4
  const raw = bytes.subarray(at + 1, at + 1 + size)
  const address = size === 4 ? raw.join('.') : (raw.toString('hex').match(/.{4}/g) ?? []).join(':')
  return { address, port: bytes.readUInt16BE(at + 1 + size), end: at + 3 + size }
}

function replyBytes(reply: number, port = 0): Buffer {
  return Buffer.from([5, reply, 0, 1, 127, 0, 0, 1, port >> 8, port & 0xff])
}

/** A minimal SOCKS5 gateway on loopback: CONNECT and UDP ASSOCIATE, no authentication. Reads one message per chunk. */
export async function startSocksGateway(options: GatewayOptions): Promise<TestGateway> {
  const requests: { command: number; address: string; port: number }[] = []
  const sockets = new Set<Socket>()
  const relays = new Set<Datagrams>()
  const rttMs = options.rttMs ?? 0
  // Timers may fire a fraction early; a path never is.
  const later = (ms: number, run: () => unknown): void => {
    if (ms === 0) run()
    else setTimeout(run, ms + 1)
  }
  const keep = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  }

  const carry = (from: Socket, to: Socket): void => {
    from.on('data', (chunk) => later(rttMs / 2, () => to.writable && to.write(chunk)))
    from.on('end', () => later(rttMs / 2, () => to.end()))
    from.on('close', () => later(rttMs / 2, () => to.destroy()))
  }

  const onConnect = (client: Socket, to: Claimed): void => {
    const way = options.way(to.address, to.port)
    if ('reply' in way) {
      later(rttMs, () => client.end(replyBytes(way.reply)))
      return
    }
    const server = connect(way.port, '127.0.0.1')
    keep(server)
    server.on('error', () => client.end(replyBytes(5)))
    server.on('connect', () =>
      later(rttMs, () => {
        client.write(Buffer.concat([replyBytes(0), options.early ?? Buffer.alloc(0)]))
        carry(client, server)
        carry(server, client)
      }),
    )
  }

  const onAssociate = (client: Socket): void => {
    const relay = createSocket('udp4')
    const flows = new Map<string, Datagrams>()
    relays.add(relay)
    const end = (socket: Datagrams): void => {
      if (relays.delete(socket)) socket.close()
    }
    client.on('close', () => {
      end(relay)
      for (const flow of flows.values()) end(flow)
    })
    relay.on('message', (bytes, from) => {
      const to = readClaimed(bytes, 3)
      const way = options.way(to.address, to.port)
      if ('reply' in way) return
      const key = `${to.address} ${to.port}`
      let flow = flows.get(key)
      if (flow === undefined) {
        flow = createSocket('udp4')
        flows.set(key, flow)
        relays.add(flow)
        const head = bytes.subarray(0, to.end)
        flow.on('message', (answer) =>
          later(rttMs / 2, () => {
            if (relays.has(relay)) relay.send(Buffer.concat([head, answer]), from.port, from.address)
          }),
        )
      }
      const open = flow
      later(rttMs / 2, () => relays.has(open) && open.send(bytes.subarray(to.end), way.port, '127.0.0.1'))
    })
    relay.bind(0, '127.0.0.1', () => client.write(replyBytes(0, relay.address().port)))
  }

  const server = createServer({ noDelay: true }, (client) => {
    keep(client)
    client.once('data', () => {
      client.write(Buffer.from([5, 0]))
      client.once('data', (bytes) => {
        const to = readClaimed(bytes, 3)
        requests.push({ command: bytes[1] ?? 0, address: to.address, port: to.port })
        if (bytes[1] === 3) onAssociate(client)
        else onConnect(client, to)
      })
    })
  })
  await new Promise<void>((ready) => server.listen(0, options.host ?? '127.0.0.1', ready))
  const bound = server.address()
  return {
    port: bound !== null && typeof bound === 'object' ? bound.port : 0,
    requests,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((closed) => server.close(closed))
    },
  }
}
