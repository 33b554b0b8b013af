import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { CannotOpenStore } from '../../src/store/cannot-open.ts'
import { lockFolder } from '../../src/store/folder-lock.ts'

const folder = mkdtempSync(join(tmpdir(), 'doorstep lock '))
const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

const MODULE = new URL('../../src/store/folder-lock.ts', import.meta.url).href

/** A process that takes the lock and keeps it until it dies. */
async function holder() {
  const code = `const { lockFolder } = await import(${JSON.stringify(MODULE)})
    // Kept: a lock that nothing refers to is collected, and released.
    globalThis.lock = lockFolder(${JSON.stringify(folder)})
    process.stdout.write(globalThis.lock ? 'held' : 'refused')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const [word] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, word: word.toString() }
}

describe('the lock of a folder', () => {
  it('is one process’s alone, and free after it is released', async () => {
    const lock = lockFolder(folder)
    expect(lock).not.toBeNull()
    const other = await holder()
    expect(other.word).toBe('refused')
    other.child.kill('SIGKILL')
    await once(other.child, 'exit')
    lock?.release()
    const again = lockFolder(folder)
    expect(again).not.toBeNull()
    again?.release()
  })

  it('dies with its process', async () => {
    const { child, word } = await holder()
    expect(word).toBe('held')
    expect(lockFolder(folder)).toBeNull()
    child.kill('SIGKILL')
    await once(child, 'exit')
    const lock = lockFolder(folder)
    expect(lock).not.toBeNull()
    lock?.release()
  })

  it('says in one sentence where it cannot be made', () => {
    expect(() => lockFolder('/dev/null/there')).toThrow(CannotOpenStore)
  })
})
