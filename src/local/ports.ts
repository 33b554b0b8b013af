import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { PortTaken } from '../hub/http/port-taken.ts'

/**
 * Ports from which one is drawn. Below 32768, where Linux begins to give ports to outgoing connections: one of those
 * could take a port between our look and the hub's start.
 */
const FIRST_PORT = 10_240
const LAST_PORT = 32_767

/** So many taken ports in a row are no accident; then the system chooses. */
const MAX_DRAWS = 50

/** A port of this machine that is free now, and that no outgoing connection will be given. */
export async function freePort(): Promise<number> {
  for (let draw = 0; draw < MAX_DRAWS; draw++) {
    try {
      return await tryPort(randomInt(FIRST_PORT, LAST_PORT + 1))
    } catch (error) {
      if (!(error instanceof PortTaken)) throw error
    }
  }
  return tryPort(0)
}

/** Throws `PortTaken` when another program listens there: said before anything is started. */
export async function refuseTaken(port: number): Promise<void> {
  await tryPort(port)
}

async function tryPort(port: number): Promise<number> {
  const server = createServer()
  server.listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new PortTaken(port)
    throw error
  }
  const address = server.address()
  const closed = once(server, 'close')
  server.close()
  await closed
  return typeof address === 'object' && address ? address.port : port
}
