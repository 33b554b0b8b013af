/**
 * Writes the golden cards anew: JSON for the tests, and a picture of each in light, in dark and 320 px wide for the
 * people who review them. Say names to write only those: `npm run golden -- result why`.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { GOLDEN_CARDS } from '../test/cards/golden-cases/cards.ts'
import { findBrowser, LOOKS, startDrawer } from '../test/support/draw-cards.ts'

const FOLDER = join(import.meta.dirname, '..', 'test', 'golden', 'cards')
const wanted = process.argv.slice(2)
const names = Object.keys(GOLDEN_CARDS).filter(
  (name) => wanted.length === 0 || wanted.some((start) => name.startsWith(start)),
)

mkdirSync(FOLDER, { recursive: true })
for (const file of readdirSync(FOLDER)) {
  if (!Object.keys(GOLDEN_CARDS).some((name) => file.startsWith(`${name}.`))) rmSync(join(FOLDER, file))
}

const browser = findBrowser()
if (browser === undefined) console.log('No Chromium found: the pictures stay as they are.')
const drawer = browser === undefined ? null : await startDrawer(browser)
for (const name of names) {
  const rendered = GOLDEN_CARDS[name]?.()
  if (rendered === undefined) continue
  writeFileSync(join(FOLDER, `${name}.json`), `${JSON.stringify(rendered.card, null, 2)}\n`)
  for (const look of drawer === null ? [] : LOOKS) {
    const drawing = await drawer?.picture(rendered.card, look)
    if (drawing === undefined) continue
    writeFileSync(join(FOLDER, `${name}.${look}.png`), drawing.png)
    for (const text of drawing.sticksOut) console.log(`${name} ${look}: sticks out: ${text}`)
  }
  console.log(`${name}: ${Buffer.byteLength(JSON.stringify(rendered.card))} bytes. ${rendered.summary}`)
}
await drawer?.close()
