import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { failed } from '../../src/core/failure.ts'
import { snapshotList } from '../../src/endpoints/snapshot.ts'
import recorded from '../../src/endpoints/snapshot-worldwide.json' with { type: 'json' }
import { EndpointSource, type FetchText } from '../../src/endpoints/source.ts'
import { directDialer } from '../../src/net/dialer.ts'
import { LIST_LIMIT, listFetcher } from '../../src/net/list-fetcher.ts'
import { secureContextOf } from '../../src/net/public-roots.ts'
import { worldListFetcher } from '../../src/runner/world-list.ts'
import { HandClock, keptLog, until } from '../runner/fakes.ts'
import { countingRandom } from '../wire/signing-kit.ts'

const HOUR = 3_600_000
/** Only what never ends runs into it. */
const TIMEOUT_MS = 400
const GOOD = JSON.stringify(recorded.endpoints)
const NEW = '2026112900'

type Answer = (response: ServerResponse, request: IncomingMessage) => void
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A web service on loopback whose two methods answer as told. */
async function service() {
  const answers: { version: Answer; endpoints: Answer } = {
    version: (response) => response.end(JSON.stringify({ instance: 'Worldwide', latest: '2026102900' })),
    endpoints: (response) => response.end(GOOD),
  }
  const asked: string[] = []
  const server = createServer((request, response) => {
    const method = request.url?.split('/')[1] ?? ''
    asked.push(method)
    if (method === 'version' || method === 'endpoints') answers[method](response, request)
    else response.end(GOOD)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { answers, asked, base: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/** The two ways by which a list comes: undici (the hub, a runner on the real Internet), and a world's gateway. */
const WAYS: Readonly<Record<string, (base: string) => FetchText>> = {
  'hub and runner': (base) => listFetcher(base, { timeoutMs: TIMEOUT_MS }),
  'runner in a world': (base) =>
    worldListFetcher(
      base,
      { dialer: directDialer, roots: secureContextOf([]), lookup: async () => failed('dns-empty') },
      TIMEOUT_MS,
    ),
}

const newVersion: Answer = (response) => response.end(JSON.stringify({ latest: NEW }))
const text =
  (body: string, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(200, headers).end(body)
const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(code, headers).end(GOOD)
const firstSet = (over: object): string =>
  JSON.stringify(recorded.endpoints.map((set, at) => (at === 0 ? { ...set, ...over } : set)))

/** A set of which every third name is left, and one at least. */
const thinned = (set: (typeof recorded.endpoints)[number]): object =>
  'urls' in set ? { ...set, urls: set.urls?.filter((_, at) => at % 3 === 0) } : set

/** Each answer of the list method, and what the log says of it: a problem of the list, or a failure word. */
const HOSTILE: readonly (readonly [name: string, answer: Answer, says: RegExp])[] = [
  ['a web page', text('<!DOCTYPE html><html>Sign in</html>', { 'content-type': 'text/html' }), /web page/],
  ['a web page that says it is JSON', text(' \n<html>', { 'content-type': 'application/json' }), /web page/],
  ['something else', text('upstream connect error'), /not JSON/],
  ['JSON of the wrong shape', text('{"endpoints":[]}'), /not an array/],
  ['a list of something else', text('[{"name":"x"}]'), /entry 1/],
  ['an empty list', text('[]'), /empty/],
  ['an empty body', text(''), /not JSON/],
  ['JSON that was cut', text(GOOD.slice(0, -100)), /not JSON/],
  [
    'a list that lost a third',
    text(JSON.stringify(recorded.endpoints.slice(0, 48))),
    /24 of 72 sets are gone/,
  ],
  ['a tenth of the list', text(JSON.stringify(recorded.endpoints.slice(0, 7))), /65 of 72 sets are gone/],
  [
    'a list whose sets lost two names of three',
    text(JSON.stringify(recorded.endpoints.map((set) => thinned(set)))),
    /of 210 names are gone/,
  ],
  [
    'a list with one range in place of all',
    text(
      JSON.stringify(
        recorded.endpoints.map((set) => ('ips' in set ? { ...set, ips: ['13.107.6.0/24'] } : set)),
      ),
    ),
    /of 95 ranges are gone/,
  ],
  ['the whole Internet', text(firstSet({ ips: ['0.0.0.0/0'] })), /wider/],
  ['a private range', text(firstSet({ ips: ['192.168.0.0/24'] })), /not public/],
  ['the metadata service', text(firstSet({ ips: ['169.254.169.254/32'] })), /not public/],
  ['every host', text(firstSet({ urls: ['*'] })), /too much/],
  ['every port', text(firstSet({ tcpPorts: '0-65535' })), /out of range/],
  ['a set twice', text(JSON.stringify([...recorded.endpoints, recorded.endpoints[0]])), /twice/],
  ['more than 5 MB', text(`[${' '.repeat(LIST_LIMIT)}]`), /http-too-large/],
  ['no end at all', (response) => dribble(response, ' '.repeat(100_000)), /http-too-large|timeout/],
  ['a slow dribble', (response) => dribble(response, ' '), /timeout/],
  ['silence', () => undefined, /timeout/],
  ['a redirect', status(302, { location: '/moved/endpoints' }), /http-malformed/],
  ['a redirect to another host', status(301, { location: 'http://127.0.0.2/' }), /http-malformed/],
  ['an error', status(500), /http-malformed/],
  ['no access', status(403), /http-malformed/],
  ['a cut connection', (response) => response.destroy(), /reset|unreachable/],
  [
    'a body shorter than it says',
    (response) =>
      response
        .writeHead(200, { 'content-length': '99999' })
        .write(GOOD.slice(0, 999), () => response.destroy()),
    /reset|unreachable/,
  ],
  ['bytes of another encoding', text('\u001f\ufffd\b\u0000'), /not JSON/],
]

/** What a version that cannot be believed says. */
const HOSTILE_VERSIONS: readonly (readonly [name: string, answer: Answer, says: RegExp])[] = [
  ['goes backwards', text('{"latest":"2025010100"}'), /older than 2026102900/],
  ['is no version', text('{"latest":"newest"}'), /http-malformed/],
  ['is a number', text('{"latest":2026112900}'), /http-malformed/],
  ['is a list of instances', text(`[{"instance":"Worldwide","latest":"${NEW}"}]`), /http-malformed/],
  ['is a web page', text('<html>'), /http-malformed/],
  ['is a redirect', status(307, { location: '/version/China' }), /http-malformed/],
]

describe.each(Object.entries(WAYS))('a list that came over the way of %s', (_way, fetcher) => {
  async function held() {
    const { answers, asked, base } = await service()
    const clock = new HandClock()
    const log = keptLog()
    const source = new EndpointSource({
      fetchText: fetcher(base),
      snapshot: snapshotList(),
      keep: { from: base, memory: { load: async () => undefined, save: async () => undefined } },
      clientId: '11111111-2222-3333-4444-555555555555',
      clock,
      random: countingRandom(),
      log,
    })
    closing.unshift(async () => source.close())
    await source.start()
    expect(source.list.version).toBe('2026102900')
    const warned = () => log.lines.filter(({ level }) => level === 'warn')
    /** Until the next look has ended; answers how long it was waited for, ms. */
    const nextLook = async () => {
      const ms = clock.next ?? 0
      await clock.pass(ms)
      await until(() => clock.next !== null)
      return ms
    }
    return { source, answers, asked, nextLook, warned }
  }

  it.each(HOSTILE)('stays when the next one is %s', async (_name, answer, says) => {
    const { source, answers, asked, nextLook, warned } = await held()
    const before = source.list
    Object.assign(answers, { version: newVersion, endpoints: answer })
    await nextLook()
    expect(source.list).toBe(before)
    expect(warned()).toHaveLength(1)
    expect(warned()[0]?.message).toMatch(/the old one stays/)
    expect(JSON.stringify(warned()[0]?.facts)).toMatch(says)
    expect(asked).toEqual(['version', 'endpoints', 'version', 'endpoints'])
  })

  it.each(HOSTILE_VERSIONS)('stays when the next version %s', async (_name, answer, says) => {
    const { source, answers, nextLook, warned } = await held()
    const before = source.list
    answers.version = answer
    await nextLook()
    expect(source.list).toBe(before)
    expect(JSON.stringify(warned().map(({ facts }) => facts))).toMatch(says)
  })

  it('stays for an hour, and nobody is asked, after a 429', async () => {
    const { source, answers, asked, nextLook, warned } = await held()
    Object.assign(answers, { version: newVersion, endpoints: status(429, { 'retry-after': '1' }) })
    await nextLook()
    expect(warned()[0]?.facts).toMatchObject({ what: 'list', failure: 'http-busy', held: '2026102900' })
    const before = asked.length
    answers.endpoints = text(GOOD)
    expect(await nextLook()).toBeGreaterThanOrEqual(HOUR)
    expect(asked.slice(before)).toEqual(['version', 'endpoints'])
    expect(source.list.version).toBe(NEW)
  })
})

/** Sends a piece over and over, until whoever asked has had enough. */
function dribble(response: ServerResponse, piece: string): void {
  const timer = setInterval(() => response.write(piece), 5)
  response.on('close', () => clearInterval(timer))
}
