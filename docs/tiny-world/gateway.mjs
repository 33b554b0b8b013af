// The smallest Internet that an office can be measured in: a SOCKS5 gateway (RFC 1928) with a resolver, a beacon, a Teams
// relay and the endpoint web service behind it. No front door, so what rests on one stays unproven.
// Run it with `node docs/tiny-world/gateway.mjs`, then `npm start -- --world docs/tiny-world`.
import { createSocket } from 'node:dgram'
import { readFileSync } from 'node:fs'
import { createServer as createWeb } from 'node:http'
import { connect, createServer } from 'node:net'
import dns from 'dns-packet'

/** Where the gateway and the endpoint web service listen, as the two files of this folder have it. */
const [GATEWAY_PORT = 41_080, WEB_PORT = 41_000] = process.argv.slice(2).map(Number)
/** The truth of this world: what the Internet sees of the office and of its resolver, and how far all is. */
const EGRESS = [203, 0, 113, 2]
const RESOLVER = '198.51.100.5'
const RTT_MS = 20
const ZONE = 'b.world.example'
/** Claimed `address:port` to the loopback port of a TCP server of yours; all others are refused. */
const TCP = { '192.0.2.80:80': WEB_PORT }

/** What the resolver answers, by lower-case name: [owner, type, data]. */
const NAMES = {
  'world.tr.teams.microsoft.com': [['world.tr.teams.microsoft.com', 'A', '52.113.1.10']],
  'outlook.office365.com': [
    ['outlook.office365.com', 'CNAME', 'EAT-efz.ms-acdc.office.com'],
    ['EAT-efz.ms-acdc.office.com', 'A', '52.97.1.2'],
  ],
  [`ns.${ZONE}`]: [[`ns.${ZONE}`, 'A', '192.0.2.53']],
  [`silent.${ZONE}`]: [[`silent.${ZONE}`, 'A', '192.0.2.54']],
}
const seen = new Map()

/** What a beacon says to a nonce (TXT and A) and to `s-<nonce>`. `x-<anything>` does not exist. */
function beacon(name, type) {
  const label = name.slice(0, -ZONE.length - 1)
  if (label.startsWith('x-')) return null
  if (label.startsWith('s-')) return seen.get(label.slice(2))?.map((data) => [name, 'TXT', data]) ?? null
  const text = ['v=1', `ns=${RESOLVER}`, 'ecs=-', 'proto=udp', 'do=1', 'bufsize=1232', `qname=${name}`]
  seen.set(label, [...(seen.get(label) ?? []), [...text, `type=${type}`]])
  return [
    [name, 'TXT', text],
    [name, 'A', RESOLVER],
  ]
}

function resolve(packet) {
  const { id, questions } = dns.decode(packet)
  const { name, type } = questions[0]
  const key = name.toLowerCase()
  const found = NAMES[key] ?? (key.endsWith(`.${ZONE}`) ? beacon(name, type) : null)
  const answers = (found ?? [])
    .filter(([, kind]) => kind === type || kind === 'CNAME')
    .map(([owner, kind, data]) => ({ type: kind, name: owner, ttl: 0, data }))
  const flags = dns.RECURSION_DESIRED | dns.RECURSION_AVAILABLE | (found ? 0 : 3)
  return dns.encode({ type: 'response', id, flags, questions, answers })
}

/** A STUN Binding is answered with the address that the office has outside (RFC 8489 14.2). */
function stun(packet, port) {
  if (packet.length < 20 || packet.readUInt16BE(0) !== 1) return null
  const cookie = packet.subarray(4, 8)
  const body = Buffer.from([0, 0x20, 0, 8, 0, 1, (port >> 8) ^ cookie[0], (port & 255) ^ cookie[1]])
  const head = Buffer.concat([Buffer.from([1, 1, 0, 12]), packet.subarray(4, 20)])
  return Buffer.concat([head, body, Buffer.from(EGRESS.map((byte, i) => byte ^ cookie[i]))])
}

/** One association: a datagram is 00 00 00 01, the claimed address and port, and what is said to it. */
function associate(socket) {
  const relay = createSocket('udp4', (datagram, from) => {
    const head = datagram.subarray(0, 10)
    if (datagram[3] !== 1) return
    const [address, port] = [datagram.subarray(4, 8).join('.'), datagram.readUInt16BE(8)]
    const payload = datagram.subarray(10)
    const asked = port === 53 && address === RESOLVER
    const answer = asked ? resolve(payload) : port >= 3478 && port <= 3481 ? stun(payload, from.port) : null
    if (answer === null) return
    setTimeout(
      () => socket.destroyed || relay.send(Buffer.concat([head, answer]), from.port, from.address),
      RTT_MS,
    )
  })
  socket.once('close', () => relay.close())
  relay.bind(0, '127.0.0.1', () => {
    const { port } = relay.address()
    socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, port >> 8, port & 255]))
  })
}

const server = createServer((socket) => {
  socket.on('error', () => {})
  socket.once('data', () => {
    socket.write(Buffer.from([5, 0]))
    socket.once('data', async (request) => {
      if (request[1] === 3) return associate(socket)
      const to = `${request.subarray(4, 8).join('.')}:${request.readUInt16BE(8)}`
      await new Promise((done) => setTimeout(done, RTT_MS))
      const there = TCP[to]
      if (there === undefined) return socket.end(Buffer.from([5, 5, 0, 1, 0, 0, 0, 0, 0, 0]))
      const far = connect(there, '127.0.0.1', () => {
        socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]))
        socket.pipe(far).pipe(socket)
      })
      far.on('error', () => socket.destroy())
    })
  })
})

const list = readFileSync(new URL('../../src/endpoints/snapshot-worldwide.json', import.meta.url), 'utf8')
const { version, endpoints } = JSON.parse(list)
const web = createWeb((request, response) => {
  const versions = request.url.startsWith('/version')
  const newest = { instance: 'Worldwide', latest: version }
  response.end(JSON.stringify(versions ? newest : endpoints))
})
web.listen(WEB_PORT, '127.0.0.1', () => {
  server.listen(GATEWAY_PORT, '127.0.0.1', () => process.stdout.write('ready\n'))
})
