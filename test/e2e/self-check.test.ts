import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { BROWSER_ARGUMENTS } from '../../scripts/browser.ts'
import { cardKind, cardLines } from '../../src/cards/card-text.ts'
import { DEMO_PEOPLE } from '../../src/local/connector/people.ts'
import { freePort } from '../../src/local/ports.ts'
import { openEmbeddedStore } from '../../src/store/embedded.ts'
import { latestStore } from '../../src/store/latest.ts'
import { random } from '../store/contract.ts'
import { type DnsServer, dnsReply, startDnsServer } from '../support/dns-server.ts'
import { findBrowser } from '../support/draw-cards.ts'
import { seed } from '../support/hub-kit.ts'
import { type HubProcess, startHubProcess } from '../support/hub-process.ts'
import { scratch } from '../support/scratch.ts'
import { aLatest } from '../support/self-check.ts'
import { linkOf } from '../support/self-check-link.ts'
import { type Sent, startConnector, type TestConnector } from '../support/test-connector.ts'
import { TURN_TIMEOUT_MS, takeTurn } from '../support/turns.ts'

const BROWSER = findBrowser()
const TEST_MS = 90_000

/** Documentation ranges, placed by the operator's own table. */
const PLACES = `cidr,latitude,longitude,label,owner
203.0.113.0/28,47.61,-122.33,Seattle,
203.0.113.16/28,32.78,-96.80,Dallas,
203.0.113.32/28,47.25,-122.44,Tacoma,
198.51.100.0/28,47.61,-122.33,Seattle,
198.51.100.16/28,32.78,-96.80,Dallas,
`

const folders = scratch('doorstep-self-page-')
let turn: Awaited<ReturnType<typeof takeTurn>> | undefined
let connector: TestConnector
let browser: Browser
let hub: HubProcess
let beacon: DnsServer
let doors: readonly Server[] = []
/** Nonces that the beacon was asked for, and by whom it says that was. */
let asked: string[] = []
let resolver = '198.51.100.2'

/** A door that answers like one of Microsoft's: without a word for other origins. */
function door(answer: RequestListener): Promise<Server> {
  const server = createServer((req, res) => {
    res.setHeader('timing-allow-origin', 'null')
    answer(req, res)
  })
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server)))
}
const portOf = (server: Server) => (server.address() as AddressInfo).port

/** After a while, as from far away. */
const after =
  (ms: number): RequestListener =>
  (_req, res) =>
    void setTimeout(() => {
      res.writeHead(404)
      res.end()
    }, ms)

async function start(answers: Readonly<Record<'exchange' | 'sharepoint' | 'teams', RequestListener>>) {
  const folder = await folders.make()
  await seed(folder, ['seattle', 'dallas'], {
    seattle: { egress: ['203.0.113.0/28'] },
    dallas: {
      egress: ['203.0.113.16/28'],
      at: { latitude: 32.78, longitude: -96.8 },
      timeZone: 'America/Chicago',
    },
  })
  const store = await openEmbeddedStore(folder, { random })
  await latestStore(store, () => undefined).put(aLatest('seattle', { at: Date.now() - 60_000 }))
  await store.close()
  await writeFile(join(folder, 'places.csv'), PLACES)
  const made = await Promise.all([answers.exchange, answers.sharepoint, answers.teams].map(door))
  doors = made
  const [exchange, sharepoint, teams] = made.map((server) => `http://127.0.0.1:${portOf(server)}`)
  const port = await freePort()
  // No favicon among them: a browser that playwright drives asks for none.
  hub = await startHubProcess({
    DOORSTEP_SIGN_IN: 'off',
    DOORSTEP_PORT: String(port),
    DOORSTEP_DATA: folder,
    DOORSTEP_ADMINS: DEMO_PEOPLE[0].objectId,
    DOORSTEP_ENDPOINTS: 'http://127.0.0.1:1',
    DOORSTEP_PLACES: join(folder, 'places.csv'),
    DOORSTEP_TRUSTED_PROXIES: '127.0.0.1',
    DOORSTEP_SELF_CHECK_DOORS: `exchange=${exchange}/apc/trans.gif,sharepoint=${sharepoint}/thumb.png,teams=${teams}/icon.png`,
    DOORSTEP_SELF_CHECK_V4: `http://localhost:${port}`,
    DOORSTEP_BEACON: 'b.example',
    DOORSTEP_BEACON_AT: `${beacon.address}:${beacon.port}`,
  })
}

/** A page of somebody whose address and clock are these. */
async function open(
  link: string,
  { address, look = 'light', width = 800 }: { address: string; look?: 'light' | 'dark'; width?: number },
): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: look,
    timezoneId: 'America/Los_Angeles',
    extraHTTPHeaders: { 'x-forwarded-for': address },
  })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    // A door that answers 404 or nothing is none of the page's errors.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) {
      complaints.push(message.text())
    }
  })
  // The browser's look-ups, as its resolver would carry them to the beacon: nothing leaves this machine.
  await page.route('https://*.b.example/**', async (route) => {
    asked.push(new URL(route.request().url()).hostname)
    await route.abort()
  })
  await page.goto(link)
  return { page, complaints }
}

const PICTURES = process.env['DOORSTEP_TEST_PICTURES']

async function picture(page: Page, name: string): Promise<void> {
  // Wider than its window is a page that scrolls sideways.
  const wide = await page.evaluate('document.documentElement.scrollWidth > window.innerWidth')
  expect(wide, `${name} is wider than its window`).toBe(false)
  if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true })
}

async function invitation(text = 'me'): Promise<{ sent: Sent; conversationId: string; link: string }> {
  const conversationId = `self-${randomUUID()}`
  await connector.say(hub.url, { text, conversationId })
  const sent = await connector.first(conversationId, ({ card }) => cardKind(card) === 'self-check')
  return { sent, conversationId, link: linkOf(sent) }
}

const textOf = ({ card }: Sent) => cardLines(card).join('\n')

// Without a browser on the machine nobody can look at the page.
describe.skipIf(BROWSER === undefined)('the self-check page in a browser', { timeout: TEST_MS }, () => {
  beforeAll(async () => {
    turn = await takeTurn()
    connector = await startConnector()
    browser = await chromium.launch({ executablePath: BROWSER ?? '', args: BROWSER_ARGUMENTS })
    beacon = await startDnsServer((query) => {
      const [label = ''] = query.name.split('.')
      const known = label.startsWith('s-') && asked.includes(query.name.slice(2))
      if (!known) return dnsReply(query, { rcode: 3 })
      const data = ['v=1', `ns=${resolver}`, 'ecs=-']
      return dnsReply(query, { answers: [{ type: 'TXT', class: 'IN', name: query.name, ttl: 0, data }] })
    })
  }, TURN_TIMEOUT_MS)
  beforeEach(() => {
    asked = []
    resolver = '198.51.100.2'
  })
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close()
    await hub?.stop()
    for (const server of doors) {
      server.close()
      server.closeAllConnections()
    }
  })
  afterAll(async () => {
    await browser?.close()
    await beacon?.close()
    await connector?.close()
    await folders.remove()
    await turn?.release()
  })

  it('says that all is well to somebody near the office, and the card in the chat becomes the result', async () => {
    await start({ exchange: after(2), sharepoint: after(2), teams: after(2) })
    const { link, sent, conversationId } = await invitation()
    const { page, complaints } = await open(link, { address: '203.0.113.33' })
    // The code leaves the address at once; reading the page spends nothing.
    expect(page.url()).toBe(`${hub.url}/me`)
    await picture(page, 'before-light')
    await page.getByRole('button', { name: 'Start' }).click()
    await page.getByRole('heading', { name: 'Your connection is well' }).waitFor()
    await picture(page, 'well-light')
    expect(await page.evaluate('document.activeElement.id')).toBe('title')
    const lines = await page.locator('#lines li').allTextContents()
    expect(lines.map((line) => /: (well|not well|not known)/.exec(line)?.[1])).toEqual([
      'well',
      'well',
      'well',
    ])
    expect(lines[0]).toMatch(/203\.0\.113\.33.*Tacoma.*from .*Seattle.*limit 800/)
    expect(lines[1]).toMatch(/198\.51\.100\.2.*Seattle/)
    expect(lines[2]).toMatch(/Exchange in .*ms, SharePoint in .*ms and Teams in .*ms/)
    expect(await page.locator('#copy').inputValue()).toMatch(/self-reported by Ana Diaz/)
    const card = await connector.first(conversationId, (one) => /Your connection is well/.test(textOf(one)))
    expect([card.kind, card.activityId]).toEqual(['edit', sent.activityId])
    expect(asked.length).toBeGreaterThan(0)
    expect(complaints).toEqual([])

    // The same link again, by whoever: used.
    const again = await open(link, { address: '203.0.113.34' })
    await again.page.getByRole('button', { name: 'Start' }).click()
    await again.page.getByRole('heading', { name: 'This link is used, or too old' }).waitFor()
    await picture(again.page, 'used-light')
  })

  it('names a VPN to somebody who leaves far away while the office leaves locally', async () => {
    resolver = '198.51.100.18'
    await start({ exchange: after(130), sharepoint: after(140), teams: after(3) })
    const { link, conversationId } = await invitation()
    const { page, complaints } = await open(link, { address: '203.0.113.18', look: 'dark', width: 320 })
    await picture(page, 'before-dark-320')
    await page.getByRole('button', { name: 'Start' }).click()
    await page.getByRole('progressbar').waitFor()
    await picture(page, 'during-dark-320')
    await page.getByRole('heading', { name: 'Your connection is not well' }).waitFor()
    await picture(page, 'vpn-dark-320')
    if (PICTURES !== undefined) {
      // The one in the README.
      await page.emulateMedia({ colorScheme: 'light' })
      await page.setViewportSize({ width: 640, height: 900 })
      await picture(page, 'self-check-page')
    }
    expect(await page.locator('#lead').textContent()).toMatch(
      /You leave 2,7\d\d.km away while .*Seattle.* leaves locally: a VPN on this computer, most likely\. Turn the VPN off/,
    )
    expect(await page.locator('#lines li').first().textContent()).toMatch(/an address of .*Dallas/)
    const card = await connector.first(conversationId, (one) => /not well/.test(textOf(one)))
    expect(textOf(card)).toMatch(/a VPN on this computer, most likely/)
    // Nothing of it is in the office's own answers.
    await connector.say(hub.url, { text: 'status Seattle', conversationId })
    const status = await connector.first(conversationId, ({ card: one }) => cardKind(one) === 'status')
    expect(textOf(status)).not.toMatch(/Dallas|not well|203\.0\.113\.18/)
    expect(complaints).toEqual([])
  })

  it('tells a door that sends elsewhere from one that is silent, and a network that lets nothing through', async () => {
    const cut: RequestListener = (req) => void req.socket.destroy()
    const elsewhere: RequestListener = (_req, res) => {
      res.writeHead(302, { location: 'http://localhost:9/login' })
      res.end()
    }
    await start({ exchange: after(2), sharepoint: elsewhere, teams: cut })
    const first = await open((await invitation()).link, { address: '203.0.113.1' })
    await first.page.getByRole('button', { name: 'Start' }).click()
    await first.page.locator('#lines li').last().waitFor()
    const line = await first.page.locator('#lines li').last().textContent()
    expect(line).toMatch(/No answer: Teams\. Sent elsewhere, where the page does not follow: SharePoint\./)
    await picture(first.page, 'mixed-light')
    await hub.stop()

    await start({ exchange: cut, sharepoint: cut, teams: cut })
    const { page } = await open((await invitation()).link, { address: '203.0.113.1', look: 'dark' })
    await page.getByRole('button', { name: 'Start' }).click()
    await page.getByRole('heading', { name: 'Your connection is not well' }).waitFor()
    expect(await page.locator('#lead').textContent()).toMatch(/sign-in page \(hotel, train, guest Wi-Fi\)/)
    // Each line has its own colour beside its word.
    const colours = await page.evaluate(
      "[...document.querySelectorAll('#lines .word')].map((one) => getComputedStyle(one).color)",
    )
    expect(new Set(colours as string[]).size).toBe(2)
    await picture(page, 'closed-dark')
  })

  it('can be used by keys alone, and says what to do without a link', async () => {
    await start({ exchange: after(2), sharepoint: after(2), teams: after(2) })
    const without = await open(`${hub.url}/me`, { address: '203.0.113.1', width: 320 })
    await without.page.getByRole('heading', { name: 'This page needs a link' }).waitFor()
    await picture(without.page, 'no-link-320')
    const { page } = await open((await invitation('me Dallas')).link, { address: '203.0.113.33' })
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.locator('#lines li').last().waitFor()
    expect(await page.locator('#office').textContent()).toMatch(
      /Compared with .*Dallas.* because you named it/,
    )
    await page.getByRole('button', { name: 'Copy for the help desk' }).click()
    await page.getByText(/Copied|Selected/).waitFor()
    await page.getByText('What a browser cannot see').click()
    await picture(page, 'named-light')
  })
})
