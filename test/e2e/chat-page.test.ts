import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withBrowser } from '../../scripts/browser.ts'
import { withDataFolder } from '../../scripts/local-mode.ts'
import { findBrowser } from '../support/draw-cards.ts'
import { startLocalMode } from '../support/local-mode.ts'
import { TURN_TIMEOUT_MS, takeTurn } from '../support/turns.ts'

const BROWSER = findBrowser()

/** A check's own deadline is 60 s; two checks and two starts fit on a busy machine. */
const TEST_MS = 240_000
const CHECK_MS = 75_000

/** The first card of every conversation. */
const WELCOME = 'Hello, I am Doorstep'

const VERDICTS = /^(pass|fail|unproven|not applicable)$/

// Names on cards stand between the signs of a bidirectional isolate (U+2068, U+2069).
async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel('Message', { exact: true }).fill(text)
  await page.keyboard.press('Enter')
}

/** The criteria rows of a card that show a verdict. */
const verdictsOf = (card: Locator) => card.getByText(VERDICTS).allTextContents()

// Without a Chromium on the machine nobody can look at the page.
describe.skipIf(BROWSER === undefined)('a person in front of the chat page', () => {
  let turn: Awaited<ReturnType<typeof takeTurn>> | undefined
  beforeAll(async () => {
    turn = await takeTurn()
  }, TURN_TIMEOUT_MS)
  afterAll(() => turn?.release())

  it(
    'checks an office in the own chat and another in the channel, and asks why',
    async () => {
      const complaints: string[] = []
      await withDataFolder(async (data) => {
        const local = await startLocalMode({ data })
        try {
          await withBrowser({ path: BROWSER ?? '', width: 1120, height: 900, scale: 1 }, async (browser) => {
            const page = await browser.newPage()
            page.on('pageerror', (error) => complaints.push(error.message))
            page.on('request', (request) => {
              if (!request.url().startsWith(local.chatUrl)) complaints.push(request.url())
            })
            await page.goto(local.chatUrl)
            await page.waitForSelector('.chip')

            await say(page, 'check office Seattle')
            const card = page.locator('.card').filter({ hasNotText: WELCOME })
            await card.getByText(/Checking \u2068?Seattle/).waitFor({ timeout: CHECK_MS })
            await card.getByText('measuring').or(card.getByText('waiting')).first().waitFor()
            await card.getByText(/Seattle\u2069? is ready/).waitFor({ timeout: CHECK_MS })
            expect(await card.count()).toBe(1)
            expect(await page.locator('.card').filter({ hasText: WELCOME }).count()).toBe(1)
            expect(await verdictsOf(card)).toEqual(Array.from({ length: 9 }, () => 'pass'))

            await page.getByRole('button', { name: 'Network operations' }).click()
            await say(page, 'check office London')
            const inThread = page.locator('.thread .card').filter({ hasNotText: WELCOME })
            await inThread.getByText(/London\u2069? is not ready/).waitFor({ timeout: CHECK_MS })
            expect(await inThread.count()).toBe(1)
            const verdicts = await verdictsOf(inThread)
            expect(verdicts).toHaveLength(9)
            expect(verdicts.filter((verdict) => verdict === 'fail')).toHaveLength(4)

            await inThread.getByRole('button', { name: 'Why', exact: true }).click()
            await page
              .getByText(/^✕ Why \u2068?London\u2069? fails /)
              .first()
              .waitFor({ timeout: CHECK_MS })
            expect(await page.locator('.toast.error').count()).toBe(0)
          })
        } finally {
          await local.stop()
        }
      })
      expect(complaints).toEqual([])
    },
    TEST_MS,
  )
})
