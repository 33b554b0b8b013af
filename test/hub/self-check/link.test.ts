import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cardKind, cardLines } from '../../../src/cards/card-text.ts'
import { DEMO_PEOPLE } from '../../../src/local/connector/people.ts'
import { freePort } from '../../../src/local/ports.ts'
import { newSelfCode } from '../../../src/wire/self-check.ts'
import { random } from '../../store/contract.ts'
import { seed, startTestHub } from '../../support/hub-kit.ts'
import { scratch } from '../../support/scratch.ts'
import { codeIn, linkOf, postJson } from '../../support/self-check-link.ts'
import { startConnector, type TestConnector } from '../../support/test-connector.ts'

/** T26: the one-time link, over HTTP, against a hub on loopback whose proxy is this test. */

const folders = scratch('doorstep-self-check-')
const RANDOM = { ...random, unit: () => 0.5 }
const DOORS = 'exchange=http://127.0.0.1:9/a.gif,teams=http://127.0.0.1:9/b.ico'
let connector: TestConnector
let hub: Awaited<ReturnType<typeof startTestHub>>
let start: () => Promise<void>
let url = ''
let tries = 0

beforeAll(async () => {
  connector = await startConnector()
  const folder = await folders.make()
  await seed(folder, ['seattle'])
  const port = await freePort()
  start = async () => {
    hub = await startTestHub(folder, port, {
      DOORSTEP_TRUSTED_PROXIES: '127.0.0.1',
      DOORSTEP_SELF_CHECK_DOORS: DOORS,
    })
    url = hub.url
  }
  await start()
})
afterAll(async () => {
  await hub?.close()
  await connector?.close()
  await folders.remove()
})

async function invitation(text = 'me') {
  const conversationId = `self-${randomUUID()}`
  await connector.say(url, { text, conversationId })
  const sent = await connector.first(conversationId, ({ card }) => cardKind(card) === 'self-check')
  return { conversationId, sent, link: linkOf(sent), code: codeIn(linkOf(sent)) }
}

/** From an address that has not failed yet, as a proxy would say. */
const fresh = () => ({ 'x-forwarded-for': `198.51.100.${1 + (tries++ % 250)}` })
const spend = (code: unknown, headers: Readonly<Record<string, string>> = fresh()) =>
  postJson(`${url}/me/spend`, { code }, headers)
const result = (key: string) =>
  postJson(`${url}/me/result`, { key, timeZone: 'America/Los_Angeles', doors: [] }, fresh())

describe('the link of a self-check', () => {
  it('holds its code behind the #, which no request carries, and the store holds its hash alone', async () => {
    const { link, code } = await invitation()
    expect(link).toBe(`${url}/me#${code}`)
    expect(code).toMatch(/^dsm_[0-9A-HJKMNP-TV-Z]{32}$/)
    expect(JSON.stringify(hub.log.lines)).not.toContain(code)
  })

  it('is not spent by whatever scans links, and is good for the person after them', async () => {
    const { link, code } = await invitation()
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']) {
      for (const path of [
        link,
        `${url}/me?code=${code}`,
        `${url}/me/spend`,
        `${url}/me/spend?code=${code}`,
      ]) {
        await fetch(path, { method, headers: fresh() })
      }
    }
    await postJson(`${url}/me`, { code })
    const answered = await spend(code)
    expect(answered.status).toBe(200)
    const body = (await answered.json()) as { key: string; doors: unknown[]; names: unknown[] }
    expect(body.key).toMatch(/^[0-9a-f]{40}$/)
    expect(body).toMatchObject({ names: [], seen: [] })
    expect(body.doors).toHaveLength(2)
  })

  it('is spent once, however many POSTs come at the same time', async () => {
    const { code } = await invitation()
    const answers = await Promise.all(Array.from({ length: 20 }, () => spend(code)))
    const statuses = answers.map(({ status }) => status).toSorted()
    expect(statuses).toEqual([200, ...Array.from({ length: 19 }, () => 403)])
    expect(await (await spend(code)).json()).toEqual({ error: 'link-refused' })
  })

  it('cannot be guessed: 1,000 codes from 1,000 addresses open nothing, and an address is heard ten times a minute', async () => {
    await invitation()
    const statuses = new Set<number>()
    for (let round = 0; round < 1_000; round++) {
      const from = { 'x-forwarded-for': `203.0.${round >> 8}.${round & 255}` }
      statuses.add((await spend(newSelfCode(RANDOM), from)).status)
    }
    expect([...statuses]).toEqual([403])
    const one = { 'x-forwarded-for': '192.0.2.1' }
    const tried: number[] = []
    for (let round = 0; round < 12; round++) tried.push((await spend(newSelfCode(RANDOM), one)).status)
    expect(tried).toEqual([...Array.from({ length: 10 }, () => 403), 429, 429])
    const { code } = await invitation()
    expect((await spend(code, one)).status).toBe(429)
    expect((await spend(code)).status).toBe(200)
  }, 60_000)

  it('counts addresses of one IPv6 network as one, and believes no word of the client itself', async () => {
    const statuses: number[] = []
    for (let at = 1; at <= 11; at++) {
      const from = { 'x-forwarded-for': `203.0.113.${at}, 2001:db8:7::${at}` }
      statuses.push((await spend('x', from)).status)
    }
    expect(statuses.at(-1)).toBe(429)
  })

  it.each([
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['plain text', { 'content-type': 'text/plain' }, 415],
    ['another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['another name of this site', { 'sec-fetch-site': 'same-site' }, 403],
    ['the page itself', { 'sec-fetch-site': 'same-origin' }, 200],
  ])('posted by %s is %j: %i', async (_who, headers, status) => {
    const { code } = await invitation()
    expect((await spend(code, { ...fresh(), ...headers })).status).toBe(status)
  })

  it.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['a list', '[]'],
    ['another type', { code: 7 }],
    ['more than a code', { code: newSelfCode(RANDOM), role: 'admin' }],
    ['a code of 10,000 characters', { code: 'd'.repeat(10_000) }],
    ['too deep', `${'['.repeat(100)}${']'.repeat(100)}`],
  ])('posted with %s is refused and changes nothing', async (_what, body) => {
    expect((await postJson(`${url}/me/spend`, body, fresh())).status).toBeGreaterThanOrEqual(400)
    expect((await postJson(`${url}/me/result`, body, fresh())).status).toBeGreaterThanOrEqual(400)
  })
})

describe('the page of a self-check', () => {
  const CSP =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
    "connect-src 'self' http://127.0.0.1:9; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

  it.each(['/me', '/me/page.css', '/me/page.js', '/me/measure.js', '/me/show.js', '/me/icon.svg'])(
    'serves %s to GET and HEAD with exact headers and nothing of anybody',
    async (path) => {
      for (const method of ['GET', 'HEAD']) {
        const answer = await fetch(url + path, { method })
        expect(answer.status).toBe(200)
        expect(Object.fromEntries(answer.headers)).toMatchObject({
          'content-security-policy': CSP,
          'referrer-policy': 'no-referrer',
          'x-content-type-options': 'nosniff',
          'cache-control': 'no-store',
          'x-frame-options': 'DENY',
          'cross-origin-opener-policy': 'same-origin',
          'cross-origin-resource-policy': 'same-origin',
        })
        for (const name of ['set-cookie', 'access-control-allow-origin', 'server', 'x-powered-by']) {
          expect(answer.headers.get(name)).toBeNull()
        }
        const text = await answer.text()
        if (method === 'HEAD') expect(text).toBe('')
        expect(text).not.toMatch(
          /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|\son\w+=|style="/,
        )
      }
    },
  )

  it('has the same headers on every answer to a POST, and the result as text', async () => {
    const { code } = await invitation()
    const answer = await spend(code)
    expect(answer.headers.get('content-security-policy')).toBe(CSP)
    const { key } = (await answer.json()) as { key: string }
    const told = await result(key)
    expect(told.headers.get('content-security-policy')).toBe(CSP)
    expect(told.headers.get('content-type')).toBe('application/json; charset=utf-8')
  })
})

describe('the result of a self-check', () => {
  it('turns the card into it, once; the hub takes the address from the connection and none from the body', async () => {
    const { code, conversationId, sent } = await invitation()
    const from = { 'x-forwarded-for': '203.0.113.77' }
    const { key } = (await (await spend(code, from)).json()) as { key: string }
    const forged = { key, timeZone: null, doors: [], egress: ['192.0.2.66'], address: '192.0.2.66' }
    expect((await postJson(`${url}/me/result`, forged, from)).status).toBe(400)
    const body = { key, timeZone: null, doors: [{ name: 'exchange', kind: 'answered', ms: 9 }] }
    const told = await postJson(`${url}/me/result`, body, from)
    expect(told.status).toBe(200)
    const text = JSON.stringify(await told.json())
    expect(text).toContain('203.0.113.77')
    expect(text).not.toContain('192.0.2.66')
    // Again, with something else: the first one stands.
    const again = await postJson(`${url}/me/result`, { ...body, doors: [] }, fresh())
    expect(JSON.stringify(await again.json())).toBe(text)
    const card = await connector.first(conversationId, ({ card: shown }) =>
      cardLines(shown).join('\n').includes('203.0.113.77'),
    )
    expect([card.kind, card.activityId]).toEqual(['edit', sent.activityId])
    expect(cardLines(card.card).join('\n')).toMatch(/Self-reported by .* in a browser/)
  })

  it('is taken for no other key, and for none that was forgotten', async () => {
    expect((await result('0'.repeat(40))).status).toBe(410)
    const { code, conversationId } = await invitation()
    const { key } = (await (await spend(code)).json()) as { key: string }
    await connector.say(url, { text: 'forget my checks', conversationId })
    await connector.first(conversationId, ({ card }) => cardLines(card).join('\n').includes('forgotten'))
    expect((await result(key)).status).toBe(410)
  })

  it('comes through restarts of the hub before the click, after it and after the result', async () => {
    const again = async () => {
      await hub.close()
      await start()
    }
    const { code, conversationId, sent } = await invitation()
    await again()
    const { key } = (await (await spend(code)).json()) as { key: string }
    await again()
    expect((await spend(code)).status).toBe(403)
    const told = await result(key)
    expect(told.status).toBe(200)
    await again()
    expect(await (await result(key)).json()).toEqual(await told.json())
    const edit = (one: { kind: string; card: object }) =>
      one.kind === 'edit' && cardLines(one.card).join('\n').includes('Self-reported by')
    expect((await connector.first(conversationId, edit)).activityId).toBe(sent.activityId)
  })

  it('is seen by its own person alone', async () => {
    const { code } = await invitation()
    const { key } = (await (await spend(code)).json()) as { key: string }
    expect((await result(key)).status).toBe(200)
    const [ana, other = ana] = DEMO_PEOPLE
    const list = async (person: typeof ana) => {
      const conversationId = `list-${randomUUID()}`
      await connector.say(url, { text: 'me history', conversationId, person })
      const shown = await connector.first(conversationId, ({ card }) => cardKind(card) === 'form')
      return cardLines(shown.card).join('\n')
    }
    expect(await list(ana)).toContain('Your self-checks')
    expect(await list(other)).toContain('You have no self-checks')
  })
})
