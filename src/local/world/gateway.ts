import { createServer, type Socket } from 'node:net'
import { type Dialling, dial } from './dial.ts'
import { associate } from './gateway-udp.ts'
import type { Routes } from './routes.ts'
import { answer, greetingAnswer, REPLY, type Reading, readGreeting, readRequest } from './socks.ts'

/** No greeting or request is longer: 2 + 255 bytes. A client that sends more without a request is cut off. */
const LONGEST = 512

/** Reads one message from the front of a connection; leaves what follows in the stream. */
const readOne = <T>(
  socket: Socket,
  read: (bytes: Buffer) => Reading<T>,
): Promise<Exclude<Reading<T>, { state: 'more' }> | undefined> =>
  new Promise((resolve) => {
    let held: Buffer = Buffer.alloc(0)
    const settle = (reading: Exclude<Reading<T>, { state: 'more' }> | undefined): void => {
      socket.off('readable', take)
      socket.off('close', gone)
      socket.off('end', gone)
      resolve(reading)
    }
    const gone = (): void => settle(undefined)
    const take = (): void => {
      const chunk: Buffer | null = socket.read()
      if (chunk === null) return
      held = Buffer.concat([held, chunk])
      const reading = read(held)
      if (reading.state === 'more') {
        if (held.length > LONGEST) gone()
        return
      }
      if (reading.state === 'done' && held.length > reading.length)
        socket.unshift(held.subarray(reading.length))
      settle(reading)
    }
    socket.on('readable', take)
    socket.on('close', gone)
    socket.on('end', gone)
    take()
  })

/** Says the last word and reads on until the client has gone: unread bytes would keep the socket for ever. */
const part = (socket: Socket, bytes: Buffer): void => {
  socket.end(bytes)
  socket.resume()
}

const serve = async (world: Dialling, routes: Routes, socket: Socket): Promise<void> => {
  const greeting = await readOne(socket, readGreeting)
  if (greeting?.state !== 'done') {
    socket.destroy()
    return
  }
  if (!greeting.value) {
    part(socket, greetingAnswer(false))
    return
  }
  socket.write(greetingAnswer(true))
  const request = await readOne(socket, readRequest)
  if (request?.state !== 'done') {
    if (request === undefined) socket.destroy()
    else part(socket, answer(request.reply))
    return
  }
  if (request.value.command === 'associate') {
    await associate(world, routes, socket)
    return
  }
  const dialled = await dial(world, routes, request.value.to)
  if (!dialled.ok) {
    part(socket, answer(dialled.reply))
    return
  }
  socket.write(answer(REPLY.succeeded))
  dialled.attach(socket)
}

/**
 * Starts the gateway of one network and returns its loopback port. Whatever a client sends, only its own
 * connection suffers.
 */
export const startGateway = (world: Dialling, routes: Routes): Promise<number> => {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    serve(world, routes, socket).catch(() => socket.destroy())
  })
  return world.sockets.listen(server)
}
