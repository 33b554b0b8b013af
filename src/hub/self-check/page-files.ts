import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { LOCALE, named } from '../../core/t.ts'
import { pageIn, textsModule } from './page-language.ts'

/** A file of the page, as it is served. */
export interface PageFile {
  readonly path: string
  readonly type: string
  readonly bytes: Uint8Array
}

/** All that the page consists of; nothing else of the disk is ever served. */
const FILES: readonly (readonly [path: string, name: string, type: string])[] = [
  ['/me', 'self-check.html', 'text/html; charset=utf-8'],
  ['/me/page.css', 'page.css', 'text/css; charset=utf-8'],
  ['/me/page.js', 'page.js', 'text/javascript; charset=utf-8'],
  ['/me/measure.js', 'measure.js', 'text/javascript; charset=utf-8'],
  ['/me/show.js', 'show.js', 'text/javascript; charset=utf-8'],
  ['/me/words.js', 'words.js', 'text/javascript; charset=utf-8'],
  ['/me/texts.js', 'texts.js', 'text/javascript; charset=utf-8'],
  ['/me/icon.svg', 'icon.svg', 'image/svg+xml'],
]

/** The folder of the page: beside the sources, or beside the bundle, where the build puts it. */
function folder(): URL {
  const candidates = ['../../pages/', './pages/'].map((path) => new URL(path, import.meta.url))
  const found = candidates.find((url) => existsSync(new URL('self-check.html', url)))
  if (found === undefined) throw new Error('the files of the self-check page are not beside the program')
  return found
}

/** A line of `SHA256SUMS` as `sha256sum` writes it. */
const RUNNER_SUM = /^([0-9a-f]{64}) [ *]runner\.mjs$/m

/** The SHA-256 of the runner's file, as the build notes it beside the bundle; null where the hub runs from its sources. */
export async function readRunnerSum(): Promise<string | null> {
  const sums = new URL('./SHA256SUMS', import.meta.url)
  if (!existsSync(sums)) return null
  return RUNNER_SUM.exec(await readFile(sums, 'utf8'))?.[1] ?? null
}

/** Reads the page once, when the hub starts, in the language of this installation. */
export async function readPageFiles(): Promise<readonly PageFile[]> {
  const from = folder()
  const read = await Promise.all(
    FILES.map(async ([path, name, type]) => ({
      path,
      type,
      name,
      text: await readFile(new URL(name, from), 'utf8'),
    })),
  )
  const scripts = read.filter(({ name }) => name.endsWith('.js')).map(({ text }) => text)
  return read.map(({ path, type, name, text }) => ({
    path,
    type,
    bytes: Buffer.from(
      name === 'texts.js'
        ? textsModule(scripts, named)
        : name.endsWith('.html')
          ? pageIn(text, LOCALE, named)
          : text,
    ),
  }))
}
