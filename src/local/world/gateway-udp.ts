import type { Socket } from 'node:net'
import type { Endpoint } from './addresses.ts'
import type { Dialling } from './dial.ts'
import { written } from './listening.ts'
import type { Route, Routes } from './routes.ts'
import { answer, datagramFrom, REPLY, readDatagram } from './socks.ts'

/** Calls `arrive` when a datagram comes through, which a lossy route may not let happen. */
const travel = (world: Dialling, route: Route, arrive: () => void): void => {
  if (world.random() < route.loss) return
  world.timers.after(route.rttMs / 2 + world.random() * route.jitterMs, arrive)
}

const deliver = (world: Dialling, route: Route, payload: Buffer, back: (payload: Buffer) => void): void => {
  const service = route.outcome === 'open' ? route.host?.udp(route.flow.to.port) : undefined
  if (service === undefined) return
  travel(world, route, () => service(payload, route.flow, (reply) => travel(world, route, () => back(reply))))
}

/** Serves one UDP association until its TCP connection ends (RFC 1928 7). Datagrams without a server meet silence. */
export const associate = async (world: Dialling, routes: Routes, control: Socket): Promise<void> => {
  const relay = await world.sockets.bindUdp()
  const flows = new Map<string, Route>()
  let client: Endpoint | undefined
  let open = true
  const end = (): void => {
    open = false
    world.sockets.closeUdp(relay)
    control.destroy()
  }
  relay.on('message', (bytes, { address, port }) => {
    client ??= { address, port }
    if (client.port !== port || client.address !== address) return
    const datagram = readDatagram(bytes)
    if (datagram === undefined) return
    const { to, payload } = datagram
    const key = written(to)
    const route = flows.get(key) ?? routes.route(to, 'udp')
    flows.set(key, route)
    deliver(world, route, payload, (reply) => {
      if (open) relay.send(datagramFrom(to, reply), port, address, () => {})
    })
  })
  control.on('end', end)
  control.on('close', end)
  control.resume()
  control.write(answer(REPLY.succeeded, relay.address()))
}
