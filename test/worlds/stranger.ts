import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer as createHttp } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { genuineAuthority } from '../../src/local/world/certificates.ts'
import { stunMapped, stunMessage } from '../support/stun-server.ts'
import { becauseOf, type Checked, checkFolder } from './check-world.ts'
import { type Datagram, type Internet, type Quirks, startStrangersGateway } from './stranger-gateway.ts'
import {
  DOORS,
  LOGIN,
  type NamesOptions,
  RELAYS,
  SHAREPOINT,
  strangersNames,
  TENANT,
  ZONE,
} from './stranger-names.ts'

const EXIT = '203.0.113.77'
const LIST_AT = '192.0.2.12'
const ECHO_AT = '192.0.2.13'

/** Microsoft's service in as few sets as a check can do with. */
const LIST = [
  {
    id: 1,
    serviceArea: 'Exchange',
    serviceAreaDisplayName: 'Exchange Online',
    urls: ['outlook.office365.com', 'outlook.office.com'],
    ips: ['40.96.0.0/13', '52.96.0.0/14'],
    tcpPorts: '80,443',
    udpPorts: '443',
    expressRoute: true,
    category: 'Optimize',
    required: true,
  },
  {
    id: 11,
    serviceArea: 'Skype',
    ips: ['52.112.0.0/14', '52.122.0.0/15'],
    udpPorts: '3478,3479,3480,3481',
    expressRoute: true,
    category: 'Optimize',
    required: true,
  },
  {
    id: 31,
    serviceArea: 'SharePoint',
    urls: ['*.sharepoint.com'],
    ips: ['13.107.136.0/22', '52.104.0.0/14'],
    tcpPorts: '80,443',
    expressRoute: true,
    category: 'Optimize',
    required: true,
  },
  {
    id: 56,
    serviceArea: 'Common',
    urls: ['login.microsoftonline.com', '*.auth.microsoft.com'],
    ips: ['20.190.128.0/18'],
    tcpPorts: '80,443',
    expressRoute: true,
    category: 'Allow',
    required: true,
  },
]

/** How a world that somebody else wrote differs from the plainest one, in which a London office is healthy. */
export interface Stranger extends NamesOptions {
  readonly quirks?: Quirks
  /** Claimed addresses of the configured resolvers; all behave alike. */
  readonly resolvers?: readonly string[]
  /** Status of every answer of a door, whatever the path. */
  readonly doorStatus?: number
  readonly doorHeaders?: Readonly<Record<string, string>>
  readonly edgeHeaders?: Readonly<Record<string, string>>
  readonly rttMs?: (address: string) => number
  readonly office?: Readonly<Record<string, unknown>>
  readonly file?: Readonly<Record<string, unknown>>
  /** Changes `world.json` itself: a key that is set to `undefined` goes. */
  readonly folderFile?: Readonly<Record<string, unknown>>
  /** Sets of the list besides the four. */
  readonly sets?: readonly object[]
  /** Sets of the four that the list lacks. */
  readonly without?: readonly number[]
  readonly relay?: RelayWays
  /** Length of the media train in s, where one second of it tells too little. */
  readonly mediaSeconds?: number
  readonly echo?: { readonly status: number; readonly type: string; readonly body: string }
}

/** How a relay differs from one that answers every Binding on all four ports. */
export interface RelayWays {
  readonly ports?: readonly number[]
  /** Leaves every so-manieth datagram unanswered. */
  readonly drops?: number
  /** Has an error for an Allocate (401) and silence for a Binding. */
  readonly allocateOnly?: boolean
}

/** RFC 8489: an Allocate and its error, ERROR-CODE, and 401. */
const [ALLOCATE, ALLOCATE_ERROR, ERROR_CODE] = [0x0003, 0x0113, 0x0009]
const UNAUTHORIZED = Buffer.from([0, 0, 4, 1])

const relayOf = ({ drops, allocateOnly }: RelayWays): Datagram => {
  let heard = 0
  return (payload, reply) => {
    heard += 1
    if (drops !== undefined && heard % drops === 0) return
    const transaction = payload.subarray(8, 20)
    if (!allocateOnly) reply(stunMapped(transaction, EXIT, 40_001))
    else if (payload.readUInt16BE(0) === ALLOCATE)
      reply(stunMessage(ALLOCATE_ERROR, transaction, ERROR_CODE, UNAUTHORIZED))
  }
}

/** Starts the world, checks it, and ends it. `peak` is how many connections its gateway had at once at most. */
export const checkStranger = async (
  world: Stranger,
): Promise<{ letters: string; why: string; checked: Checked; peak: number }> =>
  withStranger(world, async (folder, peak) => {
    const checked = await checkFolder(folder, {}, world.mediaSeconds)
    return { letters: checked.verdicts['London'] ?? '', why: becauseOf(checked), checked, peak: peak() }
  })

/** Runs `work` with a started world's folder; everything is gone afterwards. */
export const withStranger = async <R>(
  world: Stranger,
  work: (folder: string, peak: () => number) => Promise<R>,
): Promise<R> => {
  const folder = await mkdtemp(join(tmpdir(), 'doorstep-stranger-'))
  const servers: Server[] = []
  const listen = async (server: Server): Promise<number> => {
    servers.push(server)
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    const bound = server.address()
    return bound !== null && typeof bound === 'object' ? bound.port : 0
  }
  const authority = genuineAuthority(Date.now())
  const other = genuineAuthority(Date.now(), 'Some Other CA')
  const https = async (status: number, headers: Readonly<Record<string, string>>): Promise<number> => {
    const contexts = new Map<string, Promise<ReturnType<typeof createSecureContext>>>()
    const contextFor = async (host: string) => {
      const { certificate, key } = authority.issue(host)
      return createSecureContext({ key, cert: `${certificate}\n${authority.intermediates}` })
    }
    const fallback = authority.issue('outlook.office365.com')
    return listen(
      createHttps(
        {
          key: fallback.key,
          cert: `${fallback.certificate}\n${authority.intermediates}`,
          SNICallback: (host, done) => {
            const made = contexts.get(host) ?? contextFor(host)
            contexts.set(host, made)
            made.then(
              (context) => done(null, context),
              (error: Error) => done(error),
            )
          },
        },
        (_request, response) => {
          response.writeHead(status, headers)
          response.end('hello')
        },
      ),
    )
  }
  const door = await https(world.doorStatus ?? 401, world.doorHeaders ?? { 'x-firsthopcafeefz': 'LHR' })
  const edge = await https(
    200,
    world.edgeHeaders ?? { 'x-msedge-ref': 'Ref A: 0 Ref B: LON04EDGE0816 Ref C: 2026-11-20T00:00:00Z' },
  )
  const sets = [...LIST.filter(({ id }) => !world.without?.includes(id)), ...(world.sets ?? [])]
  const list = await listen(
    createHttp((request, response) => {
      const isVersion = request.url?.toLowerCase().startsWith('/version') === true
      response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' })
      response.end(JSON.stringify(isVersion ? { instance: 'Worldwide', latest: '2026102800' } : sets))
    }),
  )
  const echo = await listen(
    createHttp((_request, response) => {
      response.writeHead(world.echo?.status ?? 200, {
        'content-type': world.echo?.type ?? 'application/json',
      })
      response.end(world.echo?.body ?? JSON.stringify({ address: EXIT, port: 50_000, headers: {} }))
    }),
  )
  const resolvers = world.resolvers ?? ['198.51.100.200']
  const dns = strangersNames(world)
  const relay = relayOf(world.relay ?? {})
  const relayPorts = world.relay?.ports ?? [3478, 3479, 3480, 3481]
  const internet: Internet = {
    rttMs: world.rttMs ?? ((address) => (resolvers.includes(address) ? 1 : 5)),
    tcp: (address, port) => {
      if (DOORS.includes(address) && port === 443) return { port: door }
      if ([SHAREPOINT, LOGIN].includes(address) && port === 443) return { port: edge }
      if (address === LIST_AT && port === 80) return { port: list }
      if (address === ECHO_AT && port === 80) return { port: echo }
      return { reply: [...resolvers, ...DOORS, SHAREPOINT].includes(address) ? 5 : 4 }
    },
    udp: (address, port) => {
      if (resolvers.includes(address) && port === 53) return dns
      return RELAYS.includes(address) && relayPorts.includes(port) ? relay : null
    },
  }
  const gateway = await startStrangersGateway(internet, world.quirks)
  try {
    await writeFile(
      join(folder, 'trust.pem'),
      `Some text before\n${other.root}\n\n# the next one\n${authority.root}\n`,
    )
    await writeFile(
      join(folder, 'where.csv'),
      'cidr,latitude,longitude,label,owner\n203.0.113.64/26,51.51,-0.13,London,Isp\n198.51.100.192/26,51.5,-0.1,London,Isp\n',
    )
    await writeFile(
      join(folder, 'runner.json'),
      JSON.stringify({
        world: 'stranger',
        gateway: `socks5://127.0.0.1:${gateway.port}`,
        resolvers,
        tenant: TENANT,
        roots: 'trust.pem',
        endpoints: `http://${LIST_AT}`,
        echo: `http://${ECHO_AT}/`,
        beacon: ZONE,
        ...world.file,
      }),
    )
    await writeFile(
      join(folder, 'world.json'),
      JSON.stringify({
        places: 'where.csv',
        endpoints: `http://127.0.0.1:${list}`,
        offices: [
          {
            name: 'London',
            latitude: 51.507,
            longitude: -0.128,
            timeZone: 'Europe/London',
            egress: ['203.0.113.64/26'],
            resolvers: [],
            doors: [],
            attested: ['network-plan', 'tcp-tuned'],
            runners: ['runner.json'],
            ...world.office,
          },
        ],
        ...world.folderFile,
      }),
    )
    return await work(folder, gateway.peak)
  } finally {
    await gateway.close()
    for (const server of servers) {
      if ('closeAllConnections' in server) (server as ReturnType<typeof createHttp>).closeAllConnections()
      server.close()
    }
    await rm(folder, { recursive: true, force: true })
  }
}
