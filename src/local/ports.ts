import { once } from 'node:events'
import { createServer } from 'node:net'
import { PortTaken } from '../hub/http/port-taken.ts'

/** A port of this machine that is free now. */
export function freePort(): Promise<number> {
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
