import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { request } from 'undici'
import { z } from 'zod'

/** A local mode that runs on a data folder. */
export interface Running {
  readonly pid: number
  readonly hubUrl: string
  readonly chatUrl: string | null
}

const RUNNING = z.object({ pid: z.number(), hubUrl: z.string(), chatUrl: z.string().nullable() })

/** What the hub says of itself to this machine. */
export interface Health {
  readonly ok: boolean
  readonly runnersOnline: readonly string[]
}

const HEALTH = z.object({ ok: z.boolean(), runnersOnline: z.array(z.string()) })

/** A hub on this machine answers its health within milliseconds. */
const HEALTH_MS = 2_000

const fileOf = (dataFolder: string) => path.join(dataFolder, 'running.json')

/** Says where this local mode is, for others to join it. */
export function announce(dataFolder: string, running: Running): void {
  mkdirSync(dataFolder, { recursive: true })
  const temporary = `${fileOf(dataFolder)}.${running.pid}`
  writeFileSync(temporary, JSON.stringify(running))
  renameSync(temporary, fileOf(dataFolder))
}

/** Takes the announcement back. */
export function withdraw(dataFolder: string): void {
  rmSync(fileOf(dataFolder), { force: true })
}

/** The local mode that runs on a folder, if one does and its hub answers. */
export async function findRunning(dataFolder: string): Promise<Running | null> {
  try {
    const running = RUNNING.parse(JSON.parse(readFileSync(fileOf(dataFolder), 'utf8')))
    process.kill(running.pid, 0)
    return (await askHealth(running.hubUrl)) ? running : null
  } catch {
    return null
  }
}

/** A hub's own word on how it is; null when it does not answer. */
export async function askHealth(hubUrl: string): Promise<Health | null> {
  try {
    const answer = await request(`${hubUrl}/healthz`, { signal: AbortSignal.timeout(HEALTH_MS) })
    return HEALTH.parse(await answer.body.json())
  } catch {
    return null
  }
}
