import { execFile } from 'node:child_process'
import type { ProxySetting } from '../core/proxy-setting.ts'
import { INTERNET_SETTINGS, parseRegQuery, parseScutil } from './proxy-formats.ts'

/** Both programs answer in milliseconds; a machine that needs longer has other trouble. */
const TIMEOUT_MS = 3_000
const MAX_BYTES = 256 * 1024

/** Runs a program of the system and gives its output; null when it could not be run. */
export type RunProgram = (file: string, args: readonly string[]) => Promise<string | null>

/**
 * What the system's own setting says about a proxy, for the user that this process runs as. `null` inside: none is
 * set; `undefined`: it could not be read. Linux has no setting that all applications read but the environment.
 */
export async function systemProxy(
  platform: string = process.platform,
  run: RunProgram = runProgram,
): Promise<ProxySetting | null | undefined> {
  if (platform === 'win32') {
    const text = await run('reg', ['query', INTERNET_SETTINGS])
    return text === null ? undefined : parseRegQuery(text)
  }
  if (platform === 'darwin') {
    const text = await run('scutil', ['--proxy'])
    return text === null ? undefined : parseScutil(text)
  }
  return null
}

const runProgram: RunProgram = (file, args) =>
  new Promise((resolve) => {
    const options = {
      timeout: TIMEOUT_MS,
      maxBuffer: MAX_BYTES,
      windowsHide: true,
      encoding: 'utf8',
    } as const
    execFile(file, [...args], options, (error, stdout) => resolve(error === null ? stdout : null))
  })
