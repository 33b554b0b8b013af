import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { CRITERIA } from '../../src/core/verdict.ts'
import { startLocalMode, temporaryFolder } from '../support/local-mode.ts'
import { lettersOf, type TestConnector } from '../support/test-connector.ts'
import type { WorldCase } from './cases/all.ts'

/** One verdict that is not the truth. `found` is `no answer` when there was no card. */
export interface Mismatch {
  readonly world: string
  readonly office: string
  readonly criterion: string
  readonly expected: string
  readonly found: string
}

/** What a world came to under the real hub and real runner processes. */
export interface RealRun {
  readonly world: string
  /** One letter per criterion, by office; missing offices had no card. */
  readonly verdicts: Readonly<Record<string, string>>
  readonly mismatches: readonly Mismatch[]
  /** Verdicts that the truth says something about. */
  readonly compared: number
  /** From the message to the last answer. */
  readonly checkMs: number
  /** What went wrong apart from verdicts. */
  readonly trouble: string | null
}

/** Certificates of a whole world are made first, on a machine that may have other things to do. */
const WORLD_READY_MS = 60_000

/**
 * Runs one world as people do: the world is a program, `local --world <folder>` another, with its hub and its runners as
 * programs of their own and a fresh store; somebody says "check all", and each office's card is compared with the truth.
 * Media takes `mediaSeconds`, unless the world's truth needs more of it; null: as long as by default.
 */
export async function runForReal(
  one: WorldCase,
  connector: TestConnector,
  mediaSeconds: number | null,
): Promise<RealRun> {
  const [only] = await runInARow(one, connector, mediaSeconds, 1)
  if (!only) throw new Error('one run was asked for')
  return only
}

/** As `runForReal`, `times` checks in a row by the same programs. A world that does not start is wrong every time. */
export async function runInARow(
  one: WorldCase,
  connector: TestConnector,
  mediaSeconds: number | null,
  times: number,
): Promise<readonly RealRun[]> {
  const runs: RealRun[] = []
  const data = temporaryFolder()
  try {
    const world = await serve(one.name)
    try {
      const local = await startLocalMode({
        data: data.folder,
        args: ['--world', world.folder],
        env: envOf(one, mediaSeconds),
      })
      try {
        while (runs.length < times) runs.push(await lookOnce(one, connector, local.hubUrl))
      } finally {
        await local.stop()
      }
    } finally {
      await world.close()
    }
  } catch (error) {
    const trouble = (error as Error).message
    while (runs.length < times) runs.push(runOf(one, {}, 0, trouble))
  } finally {
    data.remove()
  }
  return runs
}

async function lookOnce(one: WorldCase, connector: TestConnector, hubUrl: string): Promise<RealRun> {
  const verdicts: Record<string, string> = {}
  const began = performance.now()
  let trouble: string | null = null
  try {
    await connector.ask(hubUrl, 'check all')
    for (const office of Object.keys(one.truth)) {
      const { final } = await connector.ask(hubUrl, `status ${office}`)
      verdicts[office] = lettersOf(final.card)
    }
  } catch (error) {
    trouble = (error as Error).message
  }
  return runOf(one, verdicts, Math.round(performance.now() - began), trouble)
}

function runOf(
  one: WorldCase,
  verdicts: Readonly<Record<string, string>>,
  checkMs: number,
  trouble: string | null,
): RealRun {
  const truths = Object.entries(one.truth)
  const mismatches = truths.flatMap(([office, truth]) =>
    mismatchesOf(one.name, office, truth, verdicts[office]),
  )
  const compared = truths.reduce(
    (sum, [, truth]) => sum + [...truth].filter((letter) => letter !== '?').length,
    0,
  )
  return { world: one.name, verdicts, mismatches, compared, checkMs, trouble }
}

function envOf(one: WorldCase, mediaSeconds: number | null): Readonly<Record<string, string>> {
  // A machine's own extra roots would make inspected chains verify.
  const clean = { NODE_EXTRA_CA_CERTS: '' }
  if (mediaSeconds === null) return clean
  return { ...clean, DOORSTEP_MEDIA_SECONDS: String(one.mediaSeconds ?? mediaSeconds) }
}

function mismatchesOf(
  world: string,
  office: string,
  truth: string,
  letters: string | undefined,
): readonly Mismatch[] {
  return CRITERIA.flatMap((criterion, at) => {
    const expected = truth[at] ?? '?'
    const found = letters?.[at] ?? 'no answer'
    return expected === '?' || found === expected ? [] : [{ world, office, criterion, expected, found }]
  })
}

/** Starts a world as a program. */
async function serve(name: string): Promise<{ readonly folder: string; close(): Promise<void> }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'serve-case.ts'), name], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const ended = once(child, 'close')
  let wrong = ''
  child.stderr.on('data', (chunk: Buffer) => {
    wrong += chunk.toString()
  })
  const close = async (): Promise<void> => {
    child.stdin.end()
    await ended
  }
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const timer = setTimeout(() => reject(new Error(`the world was not ready: ${wrong}`)), WORLD_READY_MS)
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('ready ')) resolve(line.slice('ready '.length))
  })
  void ended.then(() => reject(new Error(`the world ended: ${wrong}`)))
  try {
    return { folder: await promise, close }
  } catch (error) {
    child.kill()
    throw error
  } finally {
    clearTimeout(timer)
  }
}

/** Runs worlds side by side, so many at once, in their order; `told` hears of each as it ends. */
export async function runSideBySide(
  worlds: readonly WorldCase[],
  lanes: number,
  run: (one: WorldCase) => Promise<readonly RealRun[]>,
  told: (done: readonly RealRun[]) => void = () => {},
): Promise<readonly RealRun[]> {
  const waiting = [...worlds]
  const all: RealRun[] = []
  const lane = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
      const done = await run(one)
      all.push(...done)
      told(done)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return all
}
