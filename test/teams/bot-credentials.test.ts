import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ConversationRef } from '../../src/core/chat.ts'
import { Secret } from '../../src/core/secret.ts'
import { botCredentials } from '../../src/teams/bot-credentials.ts'
import type { TokenAnswer } from '../../src/teams/bot-token.ts'
import { createTeamsSender, type TeamsSender } from '../../src/teams/teams-sender.ts'
import { realClock } from '../support/test-clock.ts'
import { APP_ID, TENANT } from './sign-in-kit.ts'

const CARD = { summary: 'Seattle is ready.', card: { type: 'AdaptiveCard', version: '1.5' } }

let connector: Server
let seen: IncomingMessage['headers'][]
let status: number
let answer: TokenAnswer
let got: number
let origin: string
let sender: TeamsSender
let ref: ConversationRef

beforeEach(async () => {
  seen = []
  got = 0
  status = 201
  answer = { ok: true, token: new Secret('the-token') }
  connector = createServer((req, res) => {
    seen.push(req.headers)
    req.resume()
    res.statusCode = status
    res.setHeader('content-type', 'application/json')
    if (status === 302) res.setHeader('location', `${origin}/elsewhere`)
    res.end('{"id":"42"}')
  })
  await new Promise<void>((done) => connector.listen(0, '127.0.0.1', done))
  origin = `http://127.0.0.1:${(connector.address() as AddressInfo).port}`
  const tokens = {
    get: async () => {
      got += 1
      return answer
    },
  }
  const credentials = botCredentials(APP_ID, tokens, [origin])
  sender = createTeamsSender({ appId: APP_ID, credentials, signIn: [origin], clock: realClock })
  ref = {
    conversationId: 'a:ana',
    kind: 'personal',
    tenantId: TENANT,
    serviceUrl: `${origin}/emea/`,
    bot: { id: `28:${APP_ID}`, name: 'Doorstep' },
    teamId: null,
    channelId: null,
  }
})
afterEach(async () => {
  connector.closeAllConnections()
  connector.close()
  await sender.close()
})

it("signs what goes to the connector with the bot's token", async () => {
  expect(await sender.post(ref, CARD)).toEqual({ outcome: 'sent', activityId: '42' })
  expect(await sender.update(ref, '42', CARD)).toEqual({ outcome: 'sent', activityId: '42' })
  expect(seen.map((headers) => headers.authorization)).toEqual(['Bearer the-token', 'Bearer the-token'])
})

it('sends nothing without a token, asks for it once, and says when to try again', async () => {
  answer = { ok: false, retryAfterMs: 4_000 }
  expect(await sender.post(ref, CARD)).toEqual({ outcome: 'refused', status: 0, retryAfterMs: 4_000 })
  expect(await sender.update(ref, '42', CARD)).toMatchObject({ outcome: 'refused', status: 0 })
  expect(seen).toEqual([])
  expect(got).toBe(2)
})

it('gives the token to nobody else, even where a sender would', async () => {
  const strange = botCredentials(APP_ID, { get: async () => answer }, ['https://smba.trafficmanager.net'])
  const careless = createTeamsSender({
    appId: APP_ID,
    credentials: strange,
    signIn: [origin],
    clock: realClock,
  })
  expect(await careless.post(ref, CARD)).toEqual({ outcome: 'refused', status: 403, retryAfterMs: null })
  await careless.close()
  expect(seen).toEqual([])
})

it('does not follow where the connector sends it', async () => {
  status = 302
  expect(await sender.post(ref, CARD)).toMatchObject({ outcome: 'refused', status: 302 })
  expect(seen).toHaveLength(1)
})

it('is for this bot and never switched off', async () => {
  const credentials = botCredentials(APP_ID, { get: async () => answer }, [origin])
  expect(await credentials.isValidAppId(APP_ID)).toBe(true)
  expect(await credentials.isValidAppId('')).toBe(false)
  expect(await credentials.isAuthenticationDisabled()).toBe(false)
})
