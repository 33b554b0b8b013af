import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { buildRunner } from '../bundles.ts'
import type { BenchHub } from './hub-part.ts'
import { mbText, type Part, residentMb, round, sleep, waitFor } from './numbers.ts'

const IDLE_MS = 3_000
const ONLINE_MS = 20_000

/** Bundles the runner, enrols it at a hub and starts it: size, time to the first poll, memory. */
export async function measureRunner(data: string, hub: BenchHub): Promise<Part> {
  const bundle = join(data, 'runner.mjs')
  await buildRunner(bundle)
  const bytes = statSync(bundle).size
  // None of our own environment: a runner in an office has none of it either.
  const env = { DOORSTEP_HUB: hub.url, DOORSTEP_HOME: join(data, 'runner-home') }
  const start = (...args: readonly string[]) =>
    spawn(process.execPath, [bundle, ...args], { env, stdio: ['pipe', 'ignore', 'ignore'] })
  const enrolling = start('enroll', '--label', 'bench')
  enrolling.stdin?.end(`${hub.enrolmentCode}\n`)
  const [code] = await once(enrolling, 'exit')
  if (code !== 0) throw new Error(`the runner could not enrol: ${code}`)
  const began = performance.now()
  const runner = start('run', '--exit-with-stdin', '--list-on-demand')
  try {
    await waitFor(() => isOnline(hub.url), ONLINE_MS, 'the runner to poll', 10)
    const readyMs = round(performance.now() - began)
    await sleep(IDLE_MS)
    const rss = residentMb(runner.pid ?? 0)
    return {
      rows: [
        { what: 'runner, one file', measured: `${round(bytes / 1024 / 1024)} MB`, budget: '<= 2 MB' },
        { what: 'runner, start to first poll', measured: `${round(readyMs / 1000)} s`, budget: '<= 1 s' },
        { what: 'runner RSS, idle', measured: mbText(rss), budget: '<= 80 MB' },
      ],
      numbers: { runnerBytes: bytes, runnerReadyMs: readyMs, runnerRssMb: rss },
    }
  } finally {
    await stop(runner)
  }
}

/** The second runner of the extra office is ours: the first is a row without a process. */
async function isOnline(hubUrl: string): Promise<true | null> {
  const health = (await (await fetch(`${hubUrl}/healthz`)).json()) as { runnersOnline: readonly string[] }
  return health.runnersOnline.includes('extra-0001-2') ? true : null
}

async function stop(child: ChildProcess): Promise<void> {
  child.stdin?.end()
  child.kill('SIGTERM')
  if (child.exitCode === null) await once(child, 'exit')
}
