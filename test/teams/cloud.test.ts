import { beforeAll, describe, expect, it } from 'vitest'
import { CLOUD_NAMES, type CloudName } from '../../src/core/sign-in.ts'
import { activitySchema } from '../../src/teams/activity.ts'
import { CLOUDS } from '../../src/teams/cloud.ts'
import { strictGate } from '../../src/teams/strict-gate.ts'
import { connectorClaims, type IssuerKey, newIssuerKey, signed } from '../support/identity-provider.ts'
import { realClock } from '../support/test-clock.ts'
import { APP_ID, fromTeams, TENANT } from './sign-in-kit.ts'

/** What Teams sends as the address for answers, by cloud. */
const SENT_FROM: Readonly<Record<CloudName, string>> = {
  public: 'https://smba.trafficmanager.net/emea/',
  gcc: 'https://smba.infra.gcc.teams.microsoft.com/teams',
  gcchigh: 'https://smba.infra.gov.teams.microsoft.us/teams',
}
const PAIRS = CLOUD_NAMES.flatMap((ours) => CLOUD_NAMES.map((theirs) => [ours, theirs] as const))

let key: IssuerKey

beforeAll(async () => {
  key = await newIssuerKey('teams-1')
})

/** A gate whose issuer has one key, whatever the cloud: what differs is what the table says. */
function gateOf(cloud: CloudName) {
  const { issuer, serviceOrigins } = CLOUDS[cloud]
  const keys = { find: async () => ({ key: key.publicKey, endorsements: new Set(['msteams']) }) }
  return strictGate({ issuer, serviceOrigins, appId: APP_ID, tenants: [TENANT], keys, clock: realClock })
}

describe('a hub in one cloud', () => {
  it.each(PAIRS)(
    '(%s) lets in what Teams sends in its own and nothing from another (%s)',
    async (ours, theirs) => {
      const serviceUrl = SENT_FROM[theirs]
      const claims = { ...connectorClaims(APP_ID, serviceUrl), iss: CLOUDS[theirs].issuer }
      const message = activitySchema.parse(fromTeams({ serviceUrl }))
      const answer = await gateOf(ours).authenticate(message, `Bearer ${await signed(key, claims)}`)
      expect(answer.ok ? 200 : answer.status).toBe(ours === theirs ? 200 : 401)
    },
  )

  it.each(CLOUD_NAMES)('(%s) talks to Microsoft by https and to nobody else', (name) => {
    const { openIdMetadata, login, serviceOrigins, issuer, resource } = CLOUDS[name]
    for (const address of [openIdMetadata, login, issuer, resource, ...serviceOrigins]) {
      expect(new URL(address).protocol).toBe('https:')
      expect(new URL(address).hostname).toMatch(
        /\.(botframework\.com|botframework(\.azure)?\.us|microsoftonline\.(com|us)|trafficmanager\.net|microsoft\.(com|us))$/,
      )
    }
    for (const address of [login, ...serviceOrigins]) expect(new URL(address).origin).toBe(address)
  })
})
