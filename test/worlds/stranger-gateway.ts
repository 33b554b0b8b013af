import { createSocket, type Socket as Datagrams } from 'node:dgram'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** What a gateway of another make may do and still be one (RFC 1928, world.md). */
export interface Quirks {
  /** Waits before it answers a greeting, ms. */
  readonly greetingMs?: number
  /** Sends its replies byte for byte. */
  readonly crumbs?: boolean
  /** Names its relay `0.0.0.0` (`v4`), `::` (`v6`) or by a name: "where you reached me". */
  readonly unnamedRelay?: 'v4' | 'v6' | 'name'
  /** Connections at once that it has; more are cut as they come. */
  readonly most?: number
  /** Ends the association this long after it was made or last used, ms. */
  readonly idleMs?: number
  /** Ends the control connection as soon as an answer went through, or as soon as the relay is open. */
  readonly endsControl?: 'after-answer' | 'at-once'
  /** Ends its connection by a reset after a refusal, and sends the two bytes that count alone. */
  readonly curt?: boolean
  /** Refuses every association with this reply. */
  readonly noAssociations?: number
}

/** Answers one datagram: at once, once or never. */
export type Datagram = (payload: Buffer, reply: (payload: Buffer) => void) => void

/** The Internet behind a gateway, by claimed address and port. */
export interface Internet {
  /** Loopback port of a TCP server, or the reply that refuses. */
  tcp(address: string, port: number): { readonly port: number } | { readonly reply: number }
  /** Null is silence. */
  udp(address: string, port: number): Datagram | null
  rttMs(address: string): number
}

export interface StrangersGateway {
  readonly port: number
  /** The most connections that were open at once. */
  readonly peak: () => number
  close(): Promise<void>
}

/** A SOCKS5 gateway that shares no line with Doorstep's own. */
export const startStrangersGateway = async (
  internet: Internet,
  quirks: Quirks = {},
): Promise<StrangersGateway> => {
  const sockets = new Set<Socket>()
  const relays = new Set<Datagrams>()
  const timers = new Set<NodeJS.Timeout>()
  let peak = 0
  let clients = 0

  const later = (ms: number, run: () => void): void => {
    // Timers may fire a fraction early; a path never is.
    const timer = setTimeout(() => {
      timers.delete(timer)
      run()
    }, ms + 1)
    timers.add(timer)
  }
  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
    return socket
  }
  const say = async (socket: Socket, bytes: Buffer): Promise<void> => {
    if (!quirks.crumbs) {
      if (socket.writable) socket.write(bytes)
      return
    }
    for (const byte of bytes) {
      if (socket.writable) socket.write(Buffer.from([byte]))
      await new Promise((soon) => setTimeout(soon, 1))
    }
  }
  /** The next `length(bytes so far)` bytes of a connection; what follows goes back. */
  const take = (socket: Socket, length: (held: Buffer) => number | null): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      let held: Buffer = Buffer.alloc(0)
      const more = (chunk: Buffer): void => {
        held = Buffer.concat([held, chunk])
        const end = length(held)
        if (end === null || held.length < end) return
        socket.off('data', more)
        socket.pause()
        if (held.length > end) socket.unshift(held.subarray(end))
        resolve(held.subarray(0, end))
      }
      socket.on('data', more)
      socket.once('close', () => reject(new Error('gone')))
      socket.resume()
    })
  const reply = (code: number, port = 0): Buffer => {
    const named = quirks.unnamedRelay
    const tail = [port >> 8, port & 255]
    if (named === 'name') return Buffer.from([5, code, 0, 3, 2, 0x67, 0x77, ...tail])
    if (named === 'v6') return Buffer.from([5, code, 0, 4, ...Array(16).fill(0), ...tail])
    return Buffer.from([5, code, 0, 1, ...(named === 'v4' ? [0, 0, 0, 0] : [127, 0, 0, 1]), ...tail])
  }

  const carry = (from: Socket, to: Socket, oneWayMs: number): void => {
    from.on('data', (chunk: Buffer) => later(oneWayMs, () => to.writable && to.write(chunk)))
    from.on('end', () => later(oneWayMs, () => to.end()))
    from.on('close', () => later(oneWayMs, () => to.destroy()))
  }
  const onConnect = async (client: Socket, address: string, port: number): Promise<void> => {
    const rttMs = internet.rttMs(address)
    const way = internet.tcp(address, port)
    const refuse = (code: number): void =>
      later(rttMs, () => {
        if (quirks.curt) client.end(Buffer.from([5, code]), () => client.destroy())
        else client.end(reply(code))
      })
    if ('reply' in way) return refuse(way.reply)
    const server = keep(connect(way.port, '127.0.0.1'))
    server.on('error', () => refuse(5))
    server.once('connect', () =>
      later(rttMs, () => {
        void say(client, reply(0)).then(() => {
          carry(client, server, rttMs / 2)
          carry(server, client, rttMs / 2)
          client.resume()
        })
      }),
    )
  }
  const onAssociate = (client: Socket): void => {
    if (quirks.noAssociations !== undefined) {
      client.end(reply(quirks.noAssociations))
      return
    }
    const relay = createSocket('udp4')
    relays.add(relay)
    let used = Date.now()
    const end = (): void => {
      if (relays.delete(relay)) relay.close()
      client.destroy()
    }
    const watch = (idleMs: number): void =>
      later(idleMs, () => {
        if (Date.now() - used >= idleMs) end()
        else watch(idleMs)
      })
    if (quirks.endsControl !== 'at-once') client.on('close', end)
    client.resume()
    relay.on('message', (bytes, from) => {
      used = Date.now()
      const wide = bytes[3] === 4
      const end6 = wide ? 20 : 8
      const address = wide
        ? (bytes.subarray(4, 20).toString('hex').match(/.{4}/g) ?? []).join(':')
        : bytes.subarray(4, 8).join('.')
      const head = bytes.subarray(0, end6 + 2)
      const service = internet.udp(address, bytes.readUInt16BE(end6))
      const oneWayMs = internet.rttMs(address) / 2
      if (service === null) return
      later(oneWayMs, () =>
        service(bytes.subarray(end6 + 2), (payload) =>
          later(oneWayMs, () => {
            if (!relays.has(relay)) return
            relay.send(Buffer.concat([head, payload]), from.port, from.address, () => {
              if (quirks.endsControl === 'after-answer') client.end()
            })
          }),
        ),
      )
    })
    relay.bind(0, '127.0.0.1', () => {
      void say(client, reply(0, relay.address().port)).then(() => {
        if (quirks.endsControl === 'at-once') client.end()
      })
      if (quirks.idleMs !== undefined) watch(quirks.idleMs)
    })
  }
  const serve = async (client: Socket): Promise<void> => {
    await take(client, (held) => (held.length < 2 ? null : 2 + (held[1] ?? 0)))
    if (quirks.greetingMs !== undefined)
      await new Promise<void>((done) => later(quirks.greetingMs ?? 0, done))
    await say(client, Buffer.from([5, 0]))
    const asked = await take(client, (held) => (held.length < 4 ? null : held[3] === 4 ? 22 : 10))
    const wide = asked[3] === 4
    const address = wide
      ? (asked.subarray(4, 20).toString('hex').match(/.{4}/g) ?? []).join(':')
      : asked.subarray(4, 8).join('.')
    if (asked[1] === 3) onAssociate(client)
    else await onConnect(client, address, asked.readUInt16BE(wide ? 20 : 8))
  }
  const server: Server = createServer({ noDelay: true }, (client) => {
    if (quirks.most !== undefined && clients >= quirks.most) {
      client.resetAndDestroy()
      return
    }
    clients += 1
    peak = Math.max(peak, clients)
    keep(client).once('close', () => {
      clients -= 1
    })
    serve(client).catch(() => client.destroy())
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const bound = server.address()
  return {
    port: bound !== null && typeof bound === 'object' ? bound.port : 0,
    peak: () => peak,
    close: async () => {
      for (const timer of timers) clearTimeout(timer)
      for (const relay of relays) relay.close()
      relays.clear()
      for (const socket of sockets) socket.destroy()
      await new Promise((closed) => server.close(closed))
    },
  }
}
