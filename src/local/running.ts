import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { request } from 'undici'
import { z } from 'zod'
import { type FolderLock, lockFolder } from '../store/folder-lock.ts'

const RUNNING = z.object({ hubUrl: z.string(), chatUrl: z.string().nullable(), here: z.boolean() })

/** A local mode that runs on a data folder, as it announces itself to others. */
export interface Running extends Readonly<z.infer<typeof RUNNING>> {
  /** The chat page; null when it only runs until one message is answered. */
  readonly chatUrl: string | null
  /** Whether it runs the machine's own runner. */
  readonly here: boolean
}

const HEALTH = z.object({ ok: z.boolean(), checks: z.number(), runnersOnline: z.array(z.string()) })

/** What the hub says of itself to this machine: how many checks run, and whose polls it holds. */
export type Health = Readonly<z.infer<typeof HEALTH>>

/** A hub on this machine answers its health within milliseconds. */
const HEALTH_MS = 2_000

/** A data folder that is ours until `leave`, or until this process ends in any way. */
export interface Holding {
  /** Tells others where to join. */
  announce(running: Running): void
  /** Takes the announcement back; nobody new joins. */
  withdraw(): void
  leave(): void
}

/** Takes a data folder, which is made if need be; null when another local mode has it. Throws when it cannot be made. */
export function holdFolder(dataFolder: string): Holding | null {
  const lock: FolderLock | null = lockFolder(dataFolder)
  if (lock === null) return null
  const file = fileOf(dataFolder)
  const withdraw = () => rmSync(file, { force: true })
  // One that was killed could not take its own announcement back.
  withdraw()
  return {
    announce: (running) => {
      writeFileSync(`${file}.new`, JSON.stringify(running))
      renameSync(`${file}.new`, file)
    },
    withdraw,
    leave: () => {
      withdraw()
      lock.release()
    },
  }
}

/** The local mode that announced itself on a folder, if its hub answers. */
export async function findRunning(dataFolder: string): Promise<Running | null> {
  const running = readAnnouncement(dataFolder)
  return running && (await askHealth(running.hubUrl)) ? running : null
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

const fileOf = (dataFolder: string) => path.join(dataFolder, 'running.json')

function readAnnouncement(dataFolder: string): Running | null {
  try {
    return RUNNING.parse(JSON.parse(readFileSync(fileOf(dataFolder), 'utf8')))
  } catch {
    return null
  }
}
