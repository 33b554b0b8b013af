/**
 * A door to compare clients at, as a program of its own: HTTPS with a chain of a world's authority, and one DNS name over
 * UDP. Says `ready <https port> <dns port> <PEM of its root, base64>`; ends with its standard input.
 */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import packet from 'dns-packet'
import { untilStopped } from '../../src/cli/until-stopped.ts'
import { genuineAuthority } from '../../src/local/world/certificates.ts'
import { dnsReply } from '../../test/support/dns-server.ts'

const authority = genuineAuthority(Date.now())
const { certificate, key } = authority.issue('outlook.office365.com')
const web = createServer(
  { key, cert: `${certificate}\n${authority.intermediates}` },
  (_request, response) => {
    response.writeHead(401, { 'x-firsthopcafeefz': 'LHR' })
    response.end()
  },
)
web.listen(0, '127.0.0.1')
await once(web, 'listening')

const names = createSocket('udp4')
names.on('message', (bytes, from) => {
  const { id = 0, questions } = packet.decode(bytes)
  const name = questions?.[0]?.name ?? ''
  const answers: packet.Answer[] = [{ type: 'A', name, ttl: 30, data: '127.0.0.1' }]
  names.send(dnsReply({ bytes, id }, { answers }), from.port, from.address)
})
names.bind(0, '127.0.0.1')
await once(names, 'listening')

const { port } = web.address() as AddressInfo
const root = Buffer.from(authority.root).toString('base64')
process.stdout.write(`ready ${port} ${names.address().port} ${root}\n`)
await untilStopped(true)
process.exit(0)
