import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts')

/** A hub that runs as a program of its own. */
export interface HubProcess {
  readonly url: string
  /** What it said in its log so far. */
  log(): string
  /** Ends it and waits for that. */
  stop(): Promise<void>
}

/** Starts `doorstep hub` with these settings and no others of ours, and waits until it answers. */
export async function startHubProcess(settings: Readonly<Record<string, string>>): Promise<HubProcess> {
  const own = Object.entries(process.env).filter(([key]) => !key.startsWith('DOORSTEP_'))
  const child = spawn(process.execPath, [MAIN, 'hub', '--exit-with-stdin'], {
    env: { ...Object.fromEntries(own), ...settings },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let said = ''
  let logged = ''
  child.stderr.on('data', (chunk) => {
    logged += String(chunk)
  })
  const url = await new Promise<string>((ready, failed) => {
    child.stdout.on('data', (chunk) => {
      said += String(chunk)
      const [, found] = /^ready (\S+)/m.exec(said) ?? []
      if (found !== undefined) ready(found)
    })
    child.once('exit', (code) => failed(new Error(`the hub ended with ${code}: ${logged}`)))
  })
  return {
    url,
    log: () => logged,
    async stop() {
      const ended = once(child, 'exit')
      child.stdin.end()
      await ended
    },
  }
}
