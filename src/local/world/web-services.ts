import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer } from '../../net/node-http.ts'
import { familyOf } from './addresses.ts'
import type { Sockets } from './listening.ts'
import type { EndpointSetRecord, WorldSpec } from './spec.ts'

const json = (response: ServerResponse, status: number, body: unknown): void => {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
  })
  response.end(text)
}

/** The stand-in for the hub's echo (world.md): says who asked, as the Internet saw them. */
export const echoServer = (sockets: Sockets): Server =>
  createServer((request: IncomingMessage, response: ServerResponse) => {
    const flow = sockets.flowOf(request.socket)
    request.resume()
    if (request.method !== 'GET' && request.method !== 'HEAD')
      json(response, 405, { error: 'method-not-allowed' })
    else if (flow === undefined) json(response, 404, { error: 'only through a gateway' })
    else json(response, 200, { ...flow.from, headers: request.headers })
  })

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const endpointsFor = (
  list: readonly EndpointSetRecord[],
  parameters: ReadonlyMap<string, string>,
): unknown[] => {
  const areas = parameters.get('serviceareas')?.toLowerCase().split(',')
  const noIpv6 = parameters.get('noipv6')?.toLowerCase() === 'true'
  const tenant = parameters.get('tenantname')
  return list
    .filter(
      ({ serviceArea }) => areas === undefined || ['common', ...areas].includes(serviceArea.toLowerCase()),
    )
    .map((record) => ({
      ...record,
      ...(noIpv6 && record.ips
        ? { ips: record.ips.filter((cidr) => familyOf(cidr.split('/')[0] ?? '') === 'ipv4') }
        : {}),
      ...(tenant && record.urls
        ? {
            urls: record.urls.flatMap((url) =>
              url === '*.sharepoint.com'
                ? [`${tenant}.sharepoint.com`, `${tenant}-my.sharepoint.com`]
                : [url],
            ),
          }
        : {}),
    }))
}

/** The endpoint web service with Microsoft's paths and schema: instance Worldwide only. */
export const endpointServer = (endpoints: WorldSpec['endpoints']): Server =>
  createServer((request: IncomingMessage, response: ServerResponse) => {
    request.resume()
    const url = URL.parse(request.url ?? '/', 'http://world.invalid')
    const parameters = new Map(
      [...(url?.searchParams ?? [])].map(([key, value]) => [key.toLowerCase(), value]),
    )
    const [method, instance, version] = (url?.pathname ?? '').toLowerCase().split('/').filter(Boolean)
    const { version: latest, list } = endpoints
    if (!GUID.test(parameters.get('clientrequestid') ?? '')) {
      json(response, 400, { error: 'The required parameter ClientRequestId is missing or is not a GUID.' })
    } else if (method === 'version' && instance === undefined)
      json(response, 200, [{ instance: 'Worldwide', latest }])
    else if (method === 'version' && instance === 'worldwide') {
      const all = parameters.get('allversions')?.toLowerCase() === 'true'
      json(response, 200, { instance: 'Worldwide', latest, ...(all ? { versions: [latest] } : {}) })
    } else if (method === 'endpoints' && instance === 'worldwide')
      json(response, 200, endpointsFor(list, parameters))
    else if (method === 'changes' && instance === 'worldwide' && /^\d{10}$/.test(version ?? ''))
      json(response, 200, [])
    else json(response, 404, { error: 'not found' })
  })
