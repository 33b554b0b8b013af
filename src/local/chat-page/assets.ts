import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

export interface Asset {
  readonly type: string
  readonly bytes: Buffer
}

const TYPES = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
} as const

const PAGE_FILES = [
  'index.html',
  'page.css',
  'compose.css',
  'message.css',
  'card.css',
  'narrow.css',
  'page.js',
  'conversation.js',
  'message.js',
  'cards.js',
  'host-config.js',
  'icon.svg',
] as const

/** Reads all that the page consists of, by path; nothing else of the disk is ever served. */
export async function readAssets(): Promise<ReadonlyMap<string, Asset>> {
  const here = new URL('./page/', import.meta.url)
  const assets = new Map<string, Asset>()
  for (const name of PAGE_FILES) {
    const type = TYPES[name.split('.')[1] as keyof typeof TYPES]
    const path = name === 'index.html' ? '/' : `/${name}`
    assets.set(path, { type, bytes: await readFile(new URL(name, here)) })
  }
  const renderer = createRequire(import.meta.url).resolve('adaptivecards/dist/adaptivecards.min.js')
  assets.set('/adaptivecards.js', { type: TYPES.js, bytes: await readFile(renderer) })
  return assets
}
