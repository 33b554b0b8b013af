/**
 * Takes the pictures of docs/ from the real thing: local mode runs, and a Chromium says to the chat page what a person
 * would. The page of a self-check is taken by its own test, which has a hub that is not in the demo's world.
 * `npm run pictures -- <folder>` writes them elsewhere.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Page } from 'playwright-core'
import { findBrowser } from '../test/support/draw-cards.ts'
import { withBrowser } from './browser.ts'
import { startLocalMode, withDataFolder } from './local-mode.ts'

const FOLDER = resolve(process.argv[2] ?? join(import.meta.dirname, '..', 'docs'))

/** Two device pixels per CSS pixel: sharp where people read documentation. */
const SCALE = 2

/** A usual window, and the narrowest that must be readable, in CSS pixels. */
const WIDTH = 1120
const HEIGHT = 900
const NARROW = 320

/** A whole check takes 16 s at most; a busy machine needs more. */
const ANSWER_MS = 90_000

/** Types a message and waits until the number of finished cards is `cards`. */
async function say(page: Page, text: string, cards: number): Promise<void> {
  await page.getByLabel('Message', { exact: true }).fill(text)
  await page.keyboard.press('Enter')
  const finished = page.locator('.card').filter({ hasText: 'Check again' })
  await finished.nth(cards - 1).waitFor({ timeout: ANSWER_MS })
}

const browserPath = findBrowser()
if (browserPath === undefined) {
  console.log('No Chromium found: no pictures were taken.')
  process.exit(1)
}
mkdirSync(FOLDER, { recursive: true })
const save = (name: string) => ({ path: join(FOLDER, `${name}.png`) })
await withDataFolder(async (data) => {
  const local = await startLocalMode(data)
  try {
    await withBrowser({ path: browserPath, width: WIDTH, height: HEIGHT, scale: SCALE }, async (browser) => {
      const page = await browser.newPage()
      await page.goto(local.chatUrl)
      await page.waitForSelector('.chip')
      await say(page, 'check office Seattle', 1)
      await say(page, 'check office London', 2)
      await page.screenshot(save('chat-page'))
      await page.emulateMedia({ colorScheme: 'dark' })
      await page.screenshot(save('chat-page-dark'))
      await page.emulateMedia({ colorScheme: 'light' })
      await page.setViewportSize({ width: NARROW, height: HEIGHT })
      await page.screenshot(save('chat-page-320'))
      // The whole card must stand on the page to be in its picture.
      await page.setViewportSize({ width: WIDTH, height: 3 * HEIGHT })
      await page.locator('.card').last().screenshot(save('result-card'))
    })
  } finally {
    await local.stop()
  }
})
const taken = mkdtempSync(join(tmpdir(), 'doorstep-pictures-'))
try {
  const vitest = join(import.meta.dirname, '..', 'node_modules', 'vitest', 'vitest.mjs')
  execFileSync(process.execPath, [vitest, 'run', 'test/e2e/self-check.test.ts', '-t', 'VPN'], {
    env: { ...process.env, DOORSTEP_TEST_PICTURES: taken },
    stdio: 'inherit',
  })
  cpSync(join(taken, 'self-check-page.png'), save('self-check-page').path)
} finally {
  rmSync(taken, { recursive: true, force: true })
}
console.log(`Pictures written to ${FOLDER}`)
