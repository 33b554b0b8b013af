import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { scratch } from '../support/scratch.ts'

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts')
const folders = scratch('doorstep-world-')
const children: ChildProcess[] = []
afterAll(async () => {
  for (const child of children.filter(
    ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
  )) {
    child.kill()
    await once(child, 'exit')
  }
  await folders.remove()
})

/** `doorstep world` without a standard input, as in the background of a script; waits for its `ready`. */
async function started(folder: string, ...flags: readonly string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [MAIN, 'world', folder, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const [said] = (await once(child.stdout, 'data')) as [Buffer]
  expect(String(said)).toMatch(/^ready /)
  return child
}

describe('doorstep world', () => {
  it('serves without a standard input, and ends with it only where it is asked to', async () => {
    const folder = await folders.make()
    const staying = await started(folder)
    // Begun when the other was ready already: where this one has ended, that one would have, too.
    const ending = await started(await folders.make(), '--exit-with-stdin')
    expect(ending.exitCode ?? (await once(ending, 'exit'))[0]).toBe(0)
    expect(staying.exitCode).toBeNull()
    const runner = JSON.parse(await readFile(join(folder, 'seattle-1.json'), 'utf8')) as { gateway: string }
    const { hostname, port } = new URL(runner.gateway)
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    socket.destroy()
  })
})
