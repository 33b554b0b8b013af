import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, chromium, type Page } from 'playwright-core'
import { BROWSER_ARGUMENTS } from '../../scripts/browser.ts'

/** Where systems keep a Chromium; tests that draw are skipped where there is none. */
const BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]

export type Look = 'light' | 'dark' | '320'
export const LOOKS: readonly Look[] = ['light', 'dark', '320']

/** What a drawn card shows. */
export interface Drawing {
  /** Links that the renderer made of the card's text; there must be none. */
  readonly links: number
  /** Elements that stick out of the card or are cut off, by their text; there must be none. */
  readonly sticksOut: readonly string[]
  /** What a person reads. */
  readonly text: string
  readonly height: number
}

export interface Drawer {
  draw(card: object, look: Look): Promise<Drawing>
  /** As `draw`, with a PNG of it. */
  picture(card: object, look: Look): Promise<Drawing & { readonly png: Uint8Array }>
  close(): Promise<void>
}

/** The path of a Chromium on this machine, or undefined. */
export function findBrowser(): string | undefined {
  return BROWSERS.find((path) => existsSync(path))
}

interface Palette {
  readonly page: string
  readonly card: string
  readonly text: string
  readonly subtle: string
  readonly good: string
  readonly warning: string
  readonly attention: string
  readonly accent: string
  readonly bands: Readonly<Record<'emphasis' | 'good' | 'warning' | 'attention' | 'accent', string>>
  readonly line: string
}

const LIGHT: Palette = {
  page: '#F5F5F5',
  card: '#FFFFFF',
  text: '#242424',
  subtle: '#616161',
  good: '#237B4B',
  warning: '#835C00',
  attention: '#C4314B',
  accent: '#5B5FC7',
  bands: {
    emphasis: '#F5F5F5',
    good: '#E7F2DA',
    warning: '#FBF6D9',
    attention: '#FCF4F6',
    accent: '#E8EBFA',
  },
  line: '#D1D1D1',
}

const DARK: Palette = {
  page: '#1F1F1F',
  card: '#292929',
  text: '#FFFFFF',
  subtle: '#ADADAD',
  good: '#92C353',
  warning: '#F8D22A',
  attention: '#F1707B',
  accent: '#7F85F5',
  bands: {
    emphasis: '#333333',
    good: '#1F3A1A',
    warning: '#40360A',
    attention: '#3E1F25',
    accent: '#2B2B45',
  },
  line: '#4D4D4D',
}

/** Device pixels per CSS pixel: enough to review, and the pictures stay small. */
const PICTURE_SCALE = 1

function paletteOf(look: Look): Palette {
  return look === 'dark' ? DARK : LIGHT
}

/** Teams' host configuration as far as our cards use it; the values are those of the card sketches. */
function hostConfig(palette: Palette): object {
  const color = (value: string) => ({ default: value, subtle: palette.subtle })
  const foregroundColors = {
    default: color(palette.text),
    dark: color(palette.text),
    light: color(palette.text),
    accent: color(palette.accent),
    good: color(palette.good),
    warning: color(palette.warning),
    attention: color(palette.attention),
  }
  const style = (backgroundColor: string) => ({ backgroundColor, foregroundColors })
  const sizes = { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 }
  const weights = { lighter: 400, default: 400, bolder: 600 }
  const sans = "'Segoe UI', 'Open Sans', 'Liberation Sans', Arial, sans-serif"
  const mono = "Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"
  return {
    supportsInteractivity: true,
    fontFamily: sans,
    fontSizes: sizes,
    fontWeights: weights,
    fontTypes: {
      default: { fontFamily: sans, fontSizes: sizes, fontWeights: weights },
      monospace: { fontFamily: mono, fontSizes: sizes, fontWeights: weights },
    },
    lineHeights: { small: 16, default: 20, medium: 22, large: 24, extraLarge: 32 },
    spacing: { small: 8, default: 12, medium: 16, large: 16, extraLarge: 20, padding: 16 },
    separator: { lineThickness: 1, lineColor: palette.line },
    containerStyles: {
      default: style(palette.card),
      ...Object.fromEntries(Object.entries(palette.bands).map(([name, value]) => [name, style(value)])),
    },
    actions: {
      maxActions: 6,
      spacing: 'default',
      buttonSpacing: 8,
      actionsOrientation: 'horizontal',
      actionAlignment: 'left',
    },
  }
}

function pageHtml(palette: Palette, width: number): string {
  return `<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; padding: 12px; background: ${palette.page}; width: ${width}px; }
    #card { background: ${palette.card}; border: 1px solid ${palette.line}; border-radius: 6px; overflow: hidden; }
    .ac-richTextBlock { line-height: 20px; }
    .ac-actionSet { flex-wrap: wrap; row-gap: 8px; }
    .ac-pushButton { background: transparent; color: ${palette.text}; border: 1px solid ${palette.line}; border-radius: 4px;
      padding: 5px 12px; font: 600 14px 'Segoe UI', 'Open Sans', 'Liberation Sans', Arial, sans-serif; }
  </style><div id="card"></div>`
}

/** Runs in the page: draws the card with the `adaptivecards` renderer and looks at what came out. */
const DRAW = `({ card, config }) => {
  AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = text.replace(/&/g, '&amp;').replace(/</g, '&lt;')
      .replace(/\\[([^\\]]*)\\]\\(([^)]*)\\)/g, '<a href="$2">$1</a>').replace(/\\*\\*([^*]+)\\*\\*/g, '<b>$1</b>')
    result.didProcess = true
  }
  const drawn = new AdaptiveCards.AdaptiveCard()
  drawn.hostConfig = new AdaptiveCards.HostConfig(config)
  const context = new AdaptiveCards.SerializationContext()
  drawn.parse(card, context)
  const frame = document.getElementById('card')
  frame.replaceChildren(drawn.render())
  const edge = frame.getBoundingClientRect()
  const all = [...frame.querySelectorAll('*')]
  const box = (element) => {
    const range = document.createRange()
    range.selectNodeContents(element)
    return range.getBoundingClientRect()
  }
  const sticksOut = all.filter((element) => {
    // The choices of a closed list have no place of their own.
    if (element.children.length > 0 || element.textContent === '' || element.tagName === 'OPTION') return false
    const inner = box(element)
    const holder = element.closest('.ac-columnSet > .ac-container, .ac-pushButton') ?? frame
    const outer = holder.getBoundingClientRect()
    return inner.right > edge.right + 0.5 || inner.left < edge.left - 0.5 || inner.right > outer.right + 0.5
  }).map((element) => element.textContent)
  const errors = Array.from({ length: context.eventCount }, (_, at) => context.getEventAt(at).message)
  return { errors, links: frame.querySelectorAll('a').length, sticksOut, text: frame.innerText, height: Math.round(edge.height) }
}`

/** Starts a browser that draws cards, one page per look; end it with `close`. Draw one card at a time. */
export async function startDrawer(executablePath: string): Promise<Drawer> {
  const script = readFileSync(
    createRequire(import.meta.url).resolve('adaptivecards/dist/adaptivecards.min.js'),
    'utf8',
  )
  const browser: Browser = await chromium.launch({ executablePath, args: BROWSER_ARGUMENTS })
  const pages = new Map<Look, Page>()

  async function pageOf(look: Look): Promise<Page> {
    const known = pages.get(look)
    if (known !== undefined) return known
    const width = look === '320' ? 320 : 600
    const page = await browser.newPage({
      viewport: { width: width + 24, height: 80 },
      deviceScaleFactor: PICTURE_SCALE,
    })
    await page.route('**/*', (route) => route.abort())
    await page.setContent(pageHtml(paletteOf(look), width))
    await page.addScriptTag({ content: script })
    pages.set(look, page)
    return page
  }

  async function draw(card: object, look: Look): Promise<Drawing> {
    const page = await pageOf(look)
    const call = `(${DRAW})(${JSON.stringify({ card, config: hostConfig(paletteOf(look)) })})`
    const seen = (await page.evaluate(call)) as Drawing & { readonly errors: readonly string[] }
    // Charts are Teams' own: here, as on phones, their fallback is drawn.
    const errors = seen.errors.filter((error) => !error.startsWith('Unknown element type "Chart.Line"'))
    if (errors.length > 0) throw new Error(`the renderer refused the card: ${errors.join('; ')}`)
    return seen
  }

  return {
    draw,
    async picture(card, look) {
      const drawing = await draw(card, look)
      const page = await pageOf(look)
      return { ...drawing, png: await page.screenshot({ fullPage: true }) }
    },
    close: () => browser.close(),
  }
}
