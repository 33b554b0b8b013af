import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cardLines } from '../../src/cards/card-text.ts'
import { type Drawer, findBrowser, LOOKS, startDrawer } from '../support/draw-cards.ts'
import { GOLDEN_CARDS } from './golden-cases/cards.ts'
import { WORST_NAMES } from './golden-cases/worst-names.ts'

const browser = findBrowser()
const visible = (text: string) => text.replace(/[\u2068\u2069\u200B\u2060]/g, '').replace(/[\u00A0\n]/g, ' ')

// Drawing needs a Chromium on the machine; there is no other renderer that runs here.
describe.skipIf(browser === undefined)('drawn cards (skipped where no Chromium is installed)', () => {
  let drawer: Drawer
  beforeAll(async () => {
    drawer = await startDrawer(browser ?? '')
  })
  afterAll(() => drawer?.close())

  it.each(Object.entries(GOLDEN_CARDS))(
    '%s fits and makes no link, wide, dark and at 320 px',
    async (_name, make) => {
      for (const look of LOOKS) {
        const drawing = await drawer.draw(make().card, look)
        expect(drawing.sticksOut, look).toEqual([])
        expect(drawing.links, look).toBe(0)
      }
    },
  )

  it('shows a name that looks like markup and like a template as it was typed', async () => {
    const name = WORST_NAMES.at(-1) ?? ''
    const make = GOLDEN_CARDS[`names.result-${WORST_NAMES.length}`]
    const { text } = await drawer.draw(make?.().card ?? {}, 'light')
    expect(visible(text)).toContain(name)
  })

  it('reads on a screen as it reads on a terminal', async () => {
    const card = GOLDEN_CARDS['why.fail']?.().card ?? {}
    const { text } = await drawer.draw(card, 'light')
    const words = new Set(visible(text).split(/\s+/))
    for (const line of cardLines(card)) for (const word of line.split(/\s+/)) expect(words).toContain(word)
  })
})
