import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CRITERIA } from '../../src/core/verdict.ts'
import type { FolderLock } from '../../src/store/folder-lock.ts'
import { temporaryFolder } from '../support/local-mode.ts'
import { TURN_TIMEOUT_MS, takeTurn } from '../support/turns.ts'

/** A network of its own with nothing in it but loopback; needs a kernel that lets a user have one. */
const OFFLINE = ['-rn', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'] as const
const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts')

const possible = spawnSync('unshare', [...OFFLINE, 'true']).status === 0
const why = possible ? '' : ' (skipped: this machine lets nobody have a network of his own)'

/** A check's deadline, with the start and the end of everything. */
const WHOLE_MS = 90_000

describe.skipIf(!possible)(`check here without any network${why}`, () => {
  const data = temporaryFolder()
  let turn: FolderLock
  beforeAll(async () => {
    turn = await takeTurn()
  }, TURN_TIMEOUT_MS)
  afterAll(() => {
    data.remove()
    turn?.release()
  })

  it(
    'ends with nine rows, each unproven with its reason or passing without the network',
    () => {
      const args = ['local', '--data', data.folder, '--here', 'Lyon', '--once', 'check here']
      const text = execFileSync('unshare', [...OFFLINE, process.execPath, MAIN, ...args], {
        encoding: 'utf8',
        timeout: WHOLE_MS,
      })
      const lines = text.trim().split('\n')
      expect(lines.slice(0, 9).map((line) => line.split(' ')[0])).toEqual([...CRITERIA])
      for (const line of lines.slice(0, 9)) {
        expect(line).toMatch(/^\S+ (unproven|pass|not-applicable) \S/)
        expect(line).not.toMatch(/ fail /)
      }
      expect(lines.slice(0, 6).every((line) => line.includes(' unproven '))).toBe(true)
      expect(lines[9]).toBe('readiness unproven')
    },
    WHOLE_MS,
  )
})
