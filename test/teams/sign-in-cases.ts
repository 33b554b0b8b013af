import { base64url, exportSPKI, SignJWT } from 'jose'
import { connectorClaims, type IssuerKey, newIssuerKey, signed } from '../support/identity-provider.ts'
import { APP_ID, FOREIGN_TENANT, fromTeams, type Keys, OTHER_APP, TEAMS_URL } from './sign-in-kit.ts'

/** One request: what stands in the Authorization headers, and the body. */
export interface Sent {
  readonly authorization: readonly string[]
  readonly body: unknown
}

/** A case of the matrix: its name, and how it is made. */
export type Case = readonly [name: string, make: (keys: Keys) => Promise<Sent> | Sent]

const bearer = (jwt: string, body: unknown = fromTeams()): Sent => ({
  authorization: [`Bearer ${jwt}`],
  body,
})
const header = (value: string): Sent => ({ authorization: [value], body: fromTeams() })

/** A token of the real issuer's real key whose claims differ. `undefined` leaves a claim out. */
const claiming =
  (over: Record<string, unknown>, parts: Record<string, unknown> = {}) =>
  async ({ teams }: Keys): Promise<Sent> =>
    bearer(await signed(teams, { ...connectorClaims(APP_ID, TEAMS_URL), ...over }), fromTeams(parts))

/** A right token, changed as a text afterwards. */
const changed =
  (change: (header: string, payload: string, signature: string) => string) =>
  async ({ teams }: Keys): Promise<Sent> => {
    const [head = '', payload = '', signature = ''] = (await rightToken(teams)).split('.')
    return bearer(change(head, payload, signature))
  }

/** An activity and a claim that agree about an address which is not one of Teams' connectors. */
const agreeingOn = (serviceUrl: string) => claiming({ serviceurl: serviceUrl }, { serviceUrl })

/** A right token with another activity. */
const withParts =
  (parts: Record<string, unknown>) =>
  async ({ teams }: Keys): Promise<Sent> =>
    bearer(await rightToken(teams), fromTeams(parts))

const withBody =
  (body: unknown) =>
  async ({ teams }: Keys): Promise<Sent> =>
    bearer(await rightToken(teams), body)

export const rightToken = (key: IssuerKey): Promise<string> => signed(key, connectorClaims(APP_ID, TEAMS_URL))

const encoded = (value: object): string => base64url.encode(JSON.stringify(value))
const now = (): number => Math.floor(Date.now() / 1000)
const claims = (): Record<string, unknown> => connectorClaims(APP_ID, TEAMS_URL)

/** Tokens that prove nothing: 401. */
export const NO_PROOF: readonly Case[] = [
  ['no token', () => ({ authorization: [], body: fromTeams() })],
  ['an empty header', () => header('')],
  ['the scheme alone', () => header('Bearer')],
  ['the scheme and a space', () => header('Bearer ')],
  ['garbage', () => header('Bearer garbage')],
  ['three parts of garbage', () => header('Bearer a.b.c')],
  ['a name and a password', () => header('Basic YW5hOmh1bnRlcjI=')],
  ['the scheme in small letters', async ({ teams }) => header(`bearer ${await rightToken(teams)}`)],
  ['two spaces', async ({ teams }) => header(`Bearer  ${await rightToken(teams)}`)],
  ['more after it', async ({ teams }) => header(`Bearer ${await rightToken(teams)} x`)],
  ['a fourth part', async ({ teams }) => header(`Bearer ${await rightToken(teams)}.x`)],
  [
    'two headers, both right',
    async ({ teams }) => {
      const right = `Bearer ${await rightToken(teams)}`
      return { authorization: [right, right], body: fromTeams() }
    },
  ],
  ['9 KB of a token', claiming({ pad: 'x'.repeat(6_800) })],
  ['no algorithm and no signature', () => bearer(`${encoded({ alg: 'none' })}.${encoded(claims())}.`)],
  [
    'no algorithm, with the id of a key',
    () => bearer(`${encoded({ alg: 'none', typ: 'JWT', kid: 'teams-1' })}.${encoded(claims())}.AAAA`),
  ],
  [
    'a secret that is the public key',
    async ({ teams }) => {
      const secret = new TextEncoder().encode(await exportSPKI(teams.publicKey))
      return bearer(
        await new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: teams.kid }).sign(secret),
      )
    },
  ],
  [
    'an algorithm in small letters',
    changed((_head, payload, signature) => {
      const head = encoded({ alg: 'rs256', typ: 'JWT', kid: 'teams-1' })
      return `${head}.${payload}.${signature}`
    }),
  ],
  ['another key with a known id', async ({ forged }) => bearer(await rightToken(forged))],
  ['a key that nobody knows', async () => bearer(await rightToken(await newIssuerKey('nobodys')))],
  ['no key id', async ({ teams }) => bearer(await signed(teams, claims(), { kid: undefined }))],
  ['a key id that is a number', async ({ teams }) => bearer(await signed(teams, claims(), { kid: 1 }))],
  [
    'its own key inside',
    async ({ forged }) => bearer(await signed(forged, claims(), { kid: 'own', jwk: forged.jwk })),
  ],
  [
    'an address of its own keys',
    async ({ forged }) =>
      bearer(await signed(forged, claims(), { kid: 'own', jku: 'https://evil.example/' })),
  ],
  ['another type', async ({ teams }) => bearer(await signed(teams, claims(), { typ: 'at+jwt' }))],
  [
    'an extension that must be understood',
    changed((_head, payload, signature) => {
      const head = encoded({ alg: 'RS256', typ: 'JWT', kid: 'teams-1', crit: ['exp'] })
      return `${head}.${payload}.${signature}`
    }),
  ],
  ['a key for another channel', async ({ webchat }) => bearer(await rightToken(webchat))],
  ['a key for no channel', async ({ plain }) => bearer(await rightToken(plain))],
  ['no issuer', claiming({ iss: undefined })],
  ['a strange issuer', claiming({ iss: 'https://evil.example' })],
  [
    'an issuer that begins like the right one',
    claiming({ iss: 'https://api.botframework.com.evil.example' }),
  ],
  ['an issuer with a slash too many', claiming({ iss: 'https://api.botframework.com/' })],
  ['the issuer of another cloud', claiming({ iss: 'https://api.botframework.us' })],
  [
    'what the emulator sends, of any tenant',
    claiming({
      iss: `https://sts.windows.net/${FOREIGN_TENANT}/`,
      appid: APP_ID,
      ver: '1.0',
      tid: FOREIGN_TENANT,
    }),
  ],
  [
    'what the emulator sends in its second version',
    claiming({
      iss: `https://login.microsoftonline.com/${FOREIGN_TENANT}/v2.0`,
      azp: APP_ID,
      ver: '2.0',
      tid: FOREIGN_TENANT,
    }),
  ],
  [
    'what a skill without sign-in sends',
    claiming({ iss: undefined, aud: 'AnonymousSkill', appid: 'AnonymousSkill', ver: '1.0' }),
  ],
  [
    "the bot's own token",
    claiming({ iss: 'https://sts.windows.net/x/', aud: 'https://api.botframework.com' }),
  ],
  ['no audience', claiming({ aud: undefined })],
  ['an empty audience', claiming({ aud: '' })],
  ['another bot', claiming({ aud: OTHER_APP })],
  ['this bot among others', claiming({ aud: [OTHER_APP, APP_ID] })],
  ['an end ten minutes ago', claiming({ exp: now() - 600 })],
  ['an end just beyond what clocks may differ', claiming({ exp: now() - 301 })],
  ['no end', claiming({ exp: undefined })],
  ['an end that is a text', claiming({ exp: String(now() + 3_600) })],
  ['an end that is not a number', claiming({ exp: null })],
  ['a beginning in ten minutes', claiming({ nbf: now() + 600 })],
  ['a beginning that is a text', claiming({ nbf: 'now' })],
  ['no service URL in it', claiming({ serviceurl: undefined })],
  ['an empty service URL in it', claiming({ serviceurl: '' })],
  ['another service URL in it', claiming({ serviceurl: 'https://smba.trafficmanager.net/amer/' })],
  ['a service URL that differs by a slash', claiming({ serviceurl: TEAMS_URL.slice(0, -1) })],
  ['a service URL that differs by case', claiming({ serviceurl: TEAMS_URL.toUpperCase() })],
  ['answers wanted elsewhere', withParts({ serviceUrl: 'https://evil.example/' })],
  ['a service host elsewhere', agreeingOn('https://evil.example/emea/')],
  [
    'a service host that begins like the right one',
    agreeingOn('https://smba.trafficmanager.net.evil.example/'),
  ],
  ['a service host without encryption', agreeingOn('http://smba.trafficmanager.net/emea/')],
  ['a service host at another port', agreeingOn('https://smba.trafficmanager.net:8443/emea/')],
  ['a user in the service host', agreeingOn('https://smba.trafficmanager.net@evil.example/')],
  ['a service host of another cloud', agreeingOn('https://smba.infra.gov.teams.microsoft.us/teams')],
  ['this machine as the service host', agreeingOn('http://127.0.0.1:3979/')],
  ['a service URL that is none', agreeingOn('smba')],
  ['the emulator as its channel', withParts({ channelId: 'emulator' })],
  ['a channel whose name has another case', withParts({ channelId: 'MSTeams' })],
  [
    'another channel, with a key for it',
    async ({ webchat }) => bearer(await rightToken(webchat), fromTeams({ channelId: 'webchat' })),
  ],
  ['no signature', changed((head, payload) => `${head}.${payload}.`)],
  [
    'half a signature',
    changed((head, payload, signature) => `${head}.${payload}.${signature.slice(0, 171)}`),
  ],
  [
    'a signature of something else',
    changed(
      (head, _payload, signature) =>
        `${head}.${encoded(claims())}.${signature.split('').toReversed().join('')}`,
    ),
  ],
  [
    'the same signature in other letters',
    changed((head, payload, signature) => `${head}.${payload}.${sibling(signature)}`),
  ],
  ['padding', changed((head, payload, signature) => `${head}.${payload}.${signature}==`)],
  [
    'a claim changed after signing',
    changed(
      (head, _payload, signature) => `${head}.${encoded({ ...claims(), exp: now() + 7_200 })}.${signature}`,
    ),
  ],
]

/** The last letter of 256 bytes carries two bits: fifteen other letters decode to the same bytes. */
function sibling(signature: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const last = letters.indexOf(signature.slice(-1))
  return signature.slice(0, -1) + letters[last + 1]
}

const conversation = (tenantId: unknown) => ({ conversationType: 'personal', tenantId, id: 'a:ana' })
const channelData = (id: unknown) => ({ tenant: { id } })

/** Right tokens for somebody who is not of ours: 403. */
export const NOT_OURS: readonly Case[] = [
  [
    'another tenant',
    withParts({ conversation: conversation(FOREIGN_TENANT), channelData: channelData(FOREIGN_TENANT) }),
  ],
  ['another tenant, said once', withParts({ conversation: conversation(FOREIGN_TENANT), channelData: {} })],
  [
    'another tenant, said in the channel data alone',
    withParts({ conversation: conversation(null), channelData: channelData(FOREIGN_TENANT) }),
  ],
  ['two tenants, the first of them ours', withParts({ channelData: channelData(FOREIGN_TENANT) })],
  ['two tenants, the second of them ours', withParts({ conversation: conversation(FOREIGN_TENANT) })],
  ['no tenant', withParts({ conversation: conversation(null), channelData: {} })],
  ['an empty tenant', withParts({ conversation: conversation(''), channelData: channelData('') })],
  ['a wildcard', withParts({ conversation: conversation('*'), channelData: channelData('*') })],
  [
    'an invoke of another tenant',
    withParts({
      type: 'invoke',
      name: 'adaptiveCard/action',
      value: { action: { data: { actionId: 'a' } } },
      conversation: conversation(FOREIGN_TENANT),
      channelData: channelData(FOREIGN_TENANT),
    }),
  ],
  [
    'an installation in another tenant',
    withParts({
      type: 'installationUpdate',
      action: 'add',
      conversation: conversation(FOREIGN_TENANT),
      channelData: channelData(FOREIGN_TENANT),
    }),
  ],
]

/** Right tokens with what is no activity: 400. */
export const MISSHAPEN: readonly Case[] = [
  ['null', withBody(null)],
  ['a list', withBody([])],
  ['nothing in it', withBody({})],
  ['a text', withBody('message')],
  ['no type', withParts({ type: undefined })],
  ['a type that is a number', withParts({ type: 7 })],
  ['no id', withParts({ id: undefined })],
  ['no service URL', withParts({ serviceUrl: undefined })],
  ['an empty service URL', withParts({ serviceUrl: '' })],
  ['no channel', withParts({ channelId: null })],
  ['an empty channel', withParts({ channelId: '' })],
  ['a person that is a text', withParts({ from: 'Ana' })],
  ['an object id that is none', withParts({ from: { id: '29:a', aadObjectId: 'admin' } })],
  ['a tenant that is a number', withParts({ conversation: conversation(7) })],
  ['a time that is none', withParts({ timestamp: 'yesterday' })],
  ['no token either', () => ({ authorization: [], body: {} })],
]

/** What passes. */
export const RIGHT: readonly Case[] = [
  ['a right token', async ({ teams }) => bearer(await rightToken(teams))],
  ['an end four minutes ago', claiming({ exp: now() - 240 })],
  ['a beginning in four minutes', claiming({ nbf: now() + 240 })],
  ['no beginning', claiming({ nbf: undefined })],
  ['a claim that we do not know', claiming({ novel: { a: 1 } })],
  ['no type of token', async ({ teams }) => bearer(await signed(teams, claims(), { typ: undefined }))],
  [
    'the tenant in capital letters',
    withParts({ conversation: conversation(tenantUpper()), channelData: {} }),
  ],
]

function tenantUpper(): string {
  return (fromTeams()['conversation'] as { tenantId: string }).tenantId.toUpperCase()
}
