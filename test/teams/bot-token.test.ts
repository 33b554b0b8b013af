import { createHash } from 'node:crypto'
import { importX509, jwtVerify } from 'jose'
import { Agent } from 'undici'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Secret } from '../../src/core/secret.ts'
import { type BotProof, BotToken, HOLD_MS } from '../../src/teams/bot-token.ts'
import { random } from '../store/contract.ts'
import { HANGS, IdentityProvider, json, newCertificate, TROUBLES } from '../support/identity-provider.ts'
import { keptLog, until } from '../support/settle.ts'
import { type TestClock, testClock } from '../support/test-clock.ts'
import { APP_ID, TENANT } from './sign-in-kit.ts'

const CANARY = 'hunter2~canary'
const SECRET: BotProof = { kind: 'secret', secret: new Secret(CANARY) }
const MINUTE_MS = 60_000

let identity: IdentityProvider
let clock: TestClock
let log: ReturnType<typeof keptLog>
let paper: Awaited<ReturnType<typeof newCertificate>>
const dispatcher = new Agent()

beforeAll(async () => {
  paper = await newCertificate()
})
beforeEach(async () => {
  identity = await IdentityProvider.start()
  clock = testClock(Date.now())
  log = keptLog()
})
afterEach(() => identity.close())

function tokens(proof: BotProof, cloud = identity.cloud()): BotToken {
  const vmTokenUrl = `${identity.url}/metadata/identity/oauth2/token`
  return new BotToken({
    appId: APP_ID,
    tenant: TENANT,
    cloud,
    proof,
    dispatcher,
    clock,
    random,
    log,
    vmTokenUrl,
  })
}
const value = async (token: BotToken) => {
  const answer = await token.get()
  return answer.ok ? answer.token.reveal() : answer
}

describe('a bot that proves itself', () => {
  it('with a secret sends it in a form to the endpoint of its tenant', async () => {
    expect(await value(tokens(SECRET))).toBe('bot-token-1')
    const [asked] = identity.tokenRequests
    expect(asked).toMatchObject({
      method: 'POST',
      url: { pathname: `/${TENANT}/oauth2/v2.0/token`, search: '' },
    })
    expect(Object.fromEntries(asked?.form ?? [])).toEqual({
      grant_type: 'client_credentials',
      client_id: APP_ID,
      client_secret: CANARY,
      scope: 'https://api.botframework.com/.default',
    })
  })

  it('with a certificate sends an assertion that only its key could have signed, and never the key', async () => {
    const thumbprint = createHash('sha256').update(paper.der).digest('base64url')
    const token = tokens({ kind: 'certificate', thumbprint, key: new Secret(paper.key) })
    expect(await value(token)).toBe('bot-token-1')
    const form = identity.tokenRequests[0]?.form
    expect([...(form?.keys() ?? [])].toSorted()).toEqual(
      ['client_assertion', 'client_assertion_type', 'client_id', 'grant_type', 'scope'].toSorted(),
    )
    expect(form?.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
    const proved = await jwtVerify(
      form?.get('client_assertion') ?? '',
      await importX509(paper.certificate, 'PS256'),
      {
        algorithms: ['PS256'],
        audience: `${identity.url}/${TENANT}/oauth2/v2.0/token`,
        issuer: APP_ID,
        subject: APP_ID,
        currentDate: new Date(clock.now()),
        maxTokenAge: 600,
      },
    )
    expect(proved.protectedHeader).toEqual({ alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint })
    expect((proved.payload.exp ?? 0) - (proved.payload.iat ?? 0)).toBe(300)
    expect(proved.payload.jti).toMatch(/^[0-9a-f]{32}$/)
  })

  it('with an identity of App Service shows the value that it was given, and reads an end that is a text', async () => {
    const ends = Math.floor(clock.now() / 1000) + 86_400
    identity.behave = {
      token: json({ access_token: 'managed', expires_on: String(ends), resource: 'x', token_type: 'Bearer' }),
    }
    const endpoint = { url: `${identity.url}/msi/token/`, header: new Secret(CANARY) }
    const token = tokens({ kind: 'managed-identity', endpoint })
    expect(await value(token)).toBe('managed')
    const [asked] = identity.tokenRequests
    expect(asked?.method).toBe('GET')
    expect(asked?.headers['x-identity-header']).toBe(CANARY)
    expect(Object.fromEntries(asked?.url.searchParams ?? [])).toEqual({
      'api-version': '2019-08-01',
      resource: 'https://api.botframework.com',
      client_id: APP_ID,
    })
    clock.advance(23 * 60 * MINUTE_MS)
    expect(await value(token)).toBe('managed')
    expect(identity.asked.token).toBe(1)
  })

  it('with an identity of a virtual machine asks for metadata, and reads a life that is a text', async () => {
    identity.behave = { token: json({ access_token: 'vm', expires_in: '3599', expires_on: '1' }) }
    expect(await value(tokens({ kind: 'managed-identity', endpoint: null }))).toBe('vm')
    const [asked] = identity.tokenRequests
    expect(asked?.headers['metadata']).toBe('true')
    expect(asked?.url.pathname).toBe('/metadata/identity/oauth2/token')
    expect(Object.fromEntries(asked?.url.searchParams ?? [])).toEqual({
      'api-version': '2018-02-01',
      resource: 'https://api.botframework.com',
      client_id: APP_ID,
    })
  })

  it('in another cloud asks for a token of that cloud', async () => {
    await value(tokens(SECRET, identity.cloud({ resource: 'https://api.botframework.us' })))
    expect(identity.tokenRequests[0]?.form.get('scope')).toBe('https://api.botframework.us/.default')
  })
})

describe('the token', () => {
  it('is asked for once, however many messages wait for it', async () => {
    const token = tokens(SECRET)
    const values = await Promise.all(Array.from({ length: 100 }, () => value(token)))
    expect(new Set(values)).toEqual(new Set(['bot-token-1']))
    expect(identity.asked.token).toBe(1)
  })

  it('is renewed five minutes before its end, while the old one still serves', async () => {
    const token = tokens(SECRET)
    await value(token)
    clock.advance(54 * MINUTE_MS)
    expect(await value(token)).toBe('bot-token-1')
    expect(identity.asked.token).toBe(1)
    clock.advance(MINUTE_MS)
    expect(await value(token)).toBe('bot-token-1')
    await until(async () => (await value(token)) === 'bot-token-2')
    expect(identity.asked.token).toBe(2)
  })

  it('serves to its end when no new one comes, and not a moment longer', async () => {
    const token = tokens(SECRET)
    await value(token)
    identity.behave = { token: json({}, 500) }
    clock.advance(3_598_000)
    expect(await value(token)).toBe('bot-token-1')
    await until(() => log.lines.length === 1)
    clock.advance(HOLD_MS)
    expect(await value(token)).toEqual({ ok: false, retryAfterMs: HOLD_MS })
  })

  it('that is refused is not asked for again at once, and the log says why without the secret', async () => {
    const description = `AADSTS7000215: Invalid client secret provided: '${CANARY}'. Trace ID: x`
    identity.behave = { token: json({ error: 'invalid_client', error_description: description }, 401) }
    const token = tokens(SECRET)
    for (let count = 0; count < 20; count++) expect(await value(token)).toMatchObject({ ok: false })
    expect(identity.asked.token).toBe(1)
    expect(log.lines).toEqual([
      {
        level: 'warn',
        message: 'the bot got no token',
        fields: { status: 401, error: 'invalid_client', code: 'AADSTS7000215' },
      },
    ])
    expect(JSON.stringify(log.lines)).not.toContain(CANARY)
    clock.advance(HOLD_MS)
    await value(token)
    expect(identity.asked.token).toBe(2)
  })

  it.each([
    ...Object.entries(TROUBLES),
    ['gives no token', json({ expires_in: 3_599 })],
    ['gives a token with a line break', json({ access_token: 'a\r\nx-evil: 1', expires_in: 3_599 })],
    ['gives a token without an end', json({ access_token: 'a' })],
    ['gives a token that has ended', json({ access_token: 'a', expires_on: 1 })],
    ['gives a token with an end that is none', json({ access_token: 'a', expires_in: 'soon' })],
  ])('is none when the service %s', async (_name, behave) => {
    identity.behave = { token: behave }
    expect(await value(tokens(SECRET))).toEqual({ ok: false, retryAfterMs: HOLD_MS })
    expect(JSON.stringify(log.lines)).not.toContain(CANARY)
  })

  it('is waited for ten seconds', async () => {
    identity.behave = { token: HANGS }
    const waiting = value(tokens(SECRET))
    await until(() => identity.asked.token === 1)
    clock.advance(10_000)
    expect(await waiting).toEqual({ ok: false, retryAfterMs: HOLD_MS })
    expect(log.lines[0]?.fields).toEqual({ failure: 'timeout' })
  })
})

it('nothing that holds a secret shows it', () => {
  const secret = new Secret(CANARY)
  expect(`${secret}${JSON.stringify({ secret })}${String(secret)}`).not.toContain(CANARY)
})
