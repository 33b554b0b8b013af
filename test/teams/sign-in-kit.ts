import { request } from 'node:http'
import { Agent } from 'undici'
import type { Clock } from '../../src/core/ports.ts'
import { startHubServer } from '../../src/hub/http/server.ts'
import { fetchSigningKeys } from '../../src/teams/key-documents.ts'
import { SigningKeys } from '../../src/teams/signing-keys.ts'
import { strictGate } from '../../src/teams/strict-gate.ts'
import { createTeamsGate } from '../../src/teams/teams-gate.ts'
import { IdentityProvider, type IssuerKey, newIssuerKey } from '../support/identity-provider.ts'
import { keptLog } from '../support/settle.ts'
import { realClock } from '../support/test-clock.ts'
import { activity } from './activities.ts'

export const APP_ID = '5d0c7f9a-7d0c-4b8e-8d31-3f1b6f2a9c01'
export const OTHER_APP = '5d0c7f9a-7d0c-4b8e-8d31-3f1b6f2a9c02'
export const TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db40'
export const SECOND_TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db41'
export const FOREIGN_TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db49'
export const TEAMS_URL = 'https://smba.trafficmanager.net/emea/'

/** A message as Teams delivers it to a bot with sign-in, sent now. */
export function fromTeams(parts: Record<string, unknown> = {}): Record<string, unknown> {
  return activity({
    timestamp: new Date().toISOString(),
    serviceUrl: TEAMS_URL,
    conversation: { conversationType: 'personal', tenantId: TENANT, id: 'a:ana' },
    channelData: { tenant: { id: TENANT } },
    ...parts,
  })
}

/** The issuer's keys: one for Teams, one for another channel, one that says nothing. */
export interface Keys {
  readonly teams: IssuerKey
  readonly webchat: IssuerKey
  readonly plain: IssuerKey
  /** Of somebody else, with the id of the first. */
  readonly forged: IssuerKey
}

export async function newKeys(): Promise<Keys> {
  const [teams, webchat, plain, forged] = await Promise.all([
    newIssuerKey('teams-1'),
    newIssuerKey('webchat-1', ['webchat', 'directline']),
    newIssuerKey('plain-1', null),
    newIssuerKey('teams-1'),
  ])
  return { teams, webchat, plain, forged }
}

/** The gate over an identity provider, with everything that was let in counted. */
export async function startGate({ clock = realClock }: { clock?: Clock } = {}) {
  const identity = await IdentityProvider.start()
  const log = keptLog()
  const dispatcher = new Agent()
  const cloud = identity.cloud()
  const keys = new SigningKeys({
    fetch: () => fetchSigningKeys(cloud.openIdMetadata, cloud.issuer, dispatcher, clock),
    clock,
    log,
  })
  const { issuer, serviceOrigins } = cloud
  const tenants = [TENANT, SECOND_TENANT]
  const gate = strictGate({ issuer, appId: APP_ID, serviceOrigins, tenants, keys, clock })
  const reached: string[] = []
  const receive = createTeamsGate({
    gate,
    handlers: {
      message: async () => void reached.push('message'),
      click: async () => {
        reached.push('click')
        return { kind: 'message', text: 'done' }
      },
      change: async () => void reached.push('change'),
    },
    log,
    now: () => clock.now(),
  })
  return {
    identity,
    keys,
    gate,
    receive,
    reached,
    log,
    close: async () => {
      keys.close()
      await dispatcher.destroy()
      await identity.close()
    },
  }
}

/** A hub's server with the gate as its only route. */
export async function serveGate(gate: Awaited<ReturnType<typeof startGate>>) {
  return startHubServer({
    host: '127.0.0.1',
    port: 0,
    allowedHosts: 'any',
    routes: [
      {
        method: 'POST',
        path: '/api/messages',
        handle: ({ body, headers }) => gate.receive(body, headers['authorization']),
      },
    ],
    log: gate.log,
    clock: realClock,
  })
}

/** Posts as a client that may say the same header twice. */
export function post(
  url: string,
  body: unknown,
  authorization: readonly string[],
): Promise<{ readonly status: number; readonly text: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>()
  const text = JSON.stringify(body) ?? ''
  const headers = [
    'host',
    new URL(url).host,
    'content-type',
    'application/json',
    'content-length',
    String(Buffer.byteLength(text)),
    ...authorization.flatMap((value) => ['authorization', value]),
  ]
  const req = request(`${url}/api/messages`, { method: 'POST', headers, agent: false }, (res) => {
    const chunks: Buffer[] = []
    res.on('data', (chunk: Buffer) => chunks.push(chunk))
    res.on('end', () => resolve({ status: res.statusCode ?? 0, text: Buffer.concat(chunks).toString() }))
  })
  req.on('error', reject)
  req.end(text)
  return promise
}
