import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium } from 'playwright-core'

/** A browser that finds nothing to say to the network, and needs no rights. */
export const BROWSER_ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export interface BrowserOptions {
  /** Of the browser itself. */
  readonly path: string
  readonly width: number
  readonly height: number
  /** Device pixels per CSS pixel. */
  readonly scale: number
}

/** Runs `use` with a headless browser that knows nothing from before and leaves nothing behind. */
export async function withBrowser<T>(
  options: BrowserOptions,
  use: (browser: BrowserContext) => Promise<T>,
): Promise<T> {
  const profile = mkdtempSync(join(tmpdir(), 'doorstep-browser-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: options.path,
    args: BROWSER_ARGUMENTS,
    viewport: { width: options.width, height: options.height },
    deviceScaleFactor: options.scale,
  })
  try {
    return await use(context)
  } finally {
    await context.close()
    rmSync(profile, { recursive: true, force: true, maxRetries: 3 })
  }
}
