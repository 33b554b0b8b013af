import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ChatServer, startChatServer } from '../../../src/local/chat-page/chat-server.ts'
import { GOLDEN_CARDS } from '../../cards/golden-cases/cards.ts'
import { realClock } from '../../hub/http/test-clock.ts'
import { type FakeBot, sketch, startFakeBot } from './fake-bot.ts'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
const SUGGESTIONS = ['check office Seattle', 'check office London', 'status', 'help']

let browser: Browser
let bot: FakeBot
let chat: ChatServer
const complaints: string[] = []

// Without a browser on the machine there is nothing to draw with.
describe.skipIf(CHROMIUM === undefined)('the chat page', () => {
  let pictures: string
  beforeAll(async () => {
    pictures = mkdtempSync(join(tmpdir(), 'doorstep-chat-'))
    browser = await chromium.launch({ executablePath: CHROMIUM as string, args: ['--no-sandbox'] })
  })
  afterAll(async () => {
    await browser.close()
    rmSync(pictures, { recursive: true })
  })
  beforeEach(async () => {
    complaints.length = 0
    bot = await startFakeBot()
    chat = await startChatServer({ port: 0, hubUrl: bot.url, suggestions: SUGGESTIONS, clock: realClock })
  })
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close()
    await chat.close()
    await bot.close()
    // Whatever the page asks for from elsewhere, and every inline style or script, would be a complaint.
    expect(complaints).toEqual([])
  })

  async function open(width = 1200, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme })
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('request', (request) => {
      if (!request.url().startsWith(chat.url)) complaints.push(request.url())
    })
    await page.goto(chat.url)
    await page.waitForSelector('.chip')
    return page
  }

  const ask = async (page: Page): Promise<void> => {
    await page.getByRole('button', { name: 'check office London' }).click()
    await page.waitForSelector('.card')
  }

  it.each([
    ['light', 1200, 'light'],
    ['dark', 1200, 'dark'],
    ['320 px', 320, 'light'],
    ['320 px dark', 320, 'dark'],
  ] as const)(
    'draws a card and its edit, %s, with nothing wider than the page',
    async (name, width, scheme) => {
      const page = await open(width, scheme)
      await ask(page)
      expect(await page.locator('.card').textContent()).toContain('Checking Seattle')
      await bot.finish()
      await page.waitForSelector('.edited')
      expect(await page.locator('.card').textContent()).toContain('London is not ready')
      expect(await page.locator('.card').count()).toBe(1)
      const wider = await page.evaluate(
        "[...document.querySelectorAll('.chat *')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.suggestions')).length",
      )
      expect(wider).toBe(0)
      const picture = await page.screenshot({ path: join(pictures, `${name}.png`) })
      expect(picture.length).toBeGreaterThan(10_000)
    },
  )

  it('sends a pressed button as an invoke and shows the answer', async () => {
    const page = await open()
    await ask(page)
    await bot.finish()
    await page.getByRole('button', { name: 'Why' }).click()
    await page.waitForSelector('.toast')
    expect(await page.locator('.toast').textContent()).toContain('Checking again.')
    expect(bot.clicks).toMatchObject([
      { actionId: 'Q0EiGKtWwf4N-sKY6MAHBA', via: 'invoke', person: { name: 'Ana Diaz' } },
    ])
  })

  it('says so when an answer is an error, and shows a card that is the answer', async () => {
    const page = await open()
    await ask(page)
    await bot.finish()
    bot.answer = { kind: 'error', text: 'Not yours.' }
    await page.getByRole('button', { name: 'Why' }).click()
    expect(await page.locator('.toast.error').textContent()).toBe('✕ Not yours.')
    bot.answer = { kind: 'card', card: sketch('office-add') }
    await page.getByRole('button', { name: 'History' }).click()
    await page.getByText('Add an office').waitFor()
  })

  it('sends what a form holds', async () => {
    const page = await open()
    await ask(page)
    bot.answer = { kind: 'card', card: sketch('office-add') }
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByLabel('Name', { exact: false }).first().fill('Lyon')
    for (const input of await page.locator('.card input').all()) {
      if ((await input.inputValue()) === '') await input.fill('1')
    }
    await page.locator('.card .ac-pushButton').first().click()
    await expect.poll(() => bot.clicks.length).toBe(2)
    expect({ ...bot.clicks[1]?.inputs }).toMatchObject({ name: 'Lyon', latitude: '1', targetMs: '25' })
  })

  it('draws every kind of field of our own forms, and sends them all', async () => {
    const page = await open()
    await ask(page)
    bot.answer = { kind: 'card', card: GOLDEN_CARDS['form.limit']?.().card as Record<string, unknown> }
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('textbox', { name: 'Office' }).fill('Lyon')
    await page.getByRole('combobox', { name: 'Criterion' }).selectOption('local-dns')
    await page.getByRole('textbox', { name: 'Limit' }).fill('300 km')
    await page.locator('.card input[type=date]').fill('2027-06-01')
    await page.getByRole('button', { name: 'Set limit' }).click()
    // Because is required and still empty: nothing is sent.
    await page.getByRole('textbox', { name: 'Because' }).fill('a leased line\nof our own')
    await page.getByRole('button', { name: 'Set limit' }).click()
    await expect.poll(() => bot.clicks.length).toBe(2)
    expect({ ...bot.clicks[1]?.inputs }).toEqual({
      office: 'Lyon',
      criterion: 'local-dns',
      value: '300 km',
      until: '2027-06-01',
      reason: 'a leased line\nof our own',
    })
  })

  it('mentions the bot in the channel and keeps the answer in the thread', async () => {
    const page = await open()
    await page.getByRole('button', { name: 'Network operations' }).click()
    await page.getByLabel('Message', { exact: true }).fill('check office London')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.thread .card')
    expect(bot.messages).toMatchObject([{ text: 'check office London', conversation: { kind: 'channel' } }])
    await page.getByRole('button', { name: 'Reply' }).click()
    await page.getByLabel('Message', { exact: true }).fill('recheck')
    await page.keyboard.press('Enter')
    await expect.poll(() => bot.messages.length).toBe(2)
    expect(bot.messages[1]?.conversation.conversationId).toBe(bot.messages[0]?.conversation.conversationId)
    expect(await page.locator('.thread').count()).toBe(1)
  })

  it('lets one be somebody else, with a personal chat of their own', async () => {
    const page = await open()
    await ask(page)
    await page.getByLabel('You are').selectOption({ label: 'Kenji Mori' })
    await page.waitForSelector('.welcome')
    await ask(page)
    expect(bot.messages.map(({ person }) => person.name)).toEqual(['Ana Diaz', 'Kenji Mori'])
  })

  it('never takes what somebody says for markup', async () => {
    const page = await open()
    const hostile = '<img src=x onerror=alert(1)> <b>bold</b> &amp; [x](javascript:alert(1))'
    await page.getByLabel('Message', { exact: true }).fill(hostile)
    await page.keyboard.press('Enter')
    await page.waitForSelector('.card')
    expect(await page.locator('.message.own .bubble').textContent()).toBe(hostile)
    expect(bot.messages[0]?.text).toBe(hostile)
  })

  it('says that a message was not delivered when the hub is away', async () => {
    const page = await open()
    await bot.close()
    await page.getByRole('button', { name: 'help' }).click()
    expect(await page.locator('.failed-note').textContent()).toContain('Doorstep does not answer')
  })
})

describe('the server of the chat page', () => {
  beforeEach(async () => {
    chat = await startChatServer({
      port: 0,
      hubUrl: 'http://127.0.0.1:1/',
      suggestions: [],
      clock: realClock,
    })
  })
  afterEach(() => chat.close())

  it('serves the page under a strict policy, and nothing else', async () => {
    const page = await fetch(chat.url)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'")
    expect((await fetch(`${chat.url}/adaptivecards.js`)).status).toBe(200)
    expect((await fetch(`${chat.url}/../package.json`)).status).toBe(404)
    expect((await fetch(`${chat.url}/chat-server.ts`)).status).toBe(404)
  })

  it('answers to its own names only', async () => {
    const { raw } = await import('../../hub/http/raw.ts')
    const answer = await raw(
      chat.port,
      `GET / HTTP/1.1\r\nHost: evil.example:${chat.port}\r\nConnection: close\r\n\r\n`,
    )
    expect(answer.status).toBe(421)
  })

  it.each([['{}'], ['{"personId":"x","conversationId":"a:ana","text":"hi"}'], ['[]'], ['null']])(
    'refuses %s',
    async (body) => {
      const headers = { 'content-type': 'application/json' }
      expect((await fetch(`${chat.url}/api/say`, { method: 'POST', headers, body })).status).toBe(400)
    },
  )

  it('does not let one person write into the chat of another', async () => {
    const state = (await (await fetch(`${chat.url}/api/state`)).json()) as { people: { objectId: string }[] }
    const body = JSON.stringify({ personId: state.people[1]?.objectId, conversationId: 'a:ana', text: 'hi' })
    const headers = { 'content-type': 'application/json' }
    expect((await fetch(`${chat.url}/api/say`, { method: 'POST', headers, body })).status).toBe(400)
  })
})
