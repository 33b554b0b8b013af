import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { buildRunner } from '../../scripts/bundles.ts'
import { scratch } from '../support/scratch.ts'

const folders = scratch('doorstep-threads-')
afterAll(() => folders.remove())

/** Tells at the end of a process how many threads libuv made, before its first work and after. */
const COUNT = `
  import { readdirSync, readFileSync } from 'node:fs'
  const names = () => readdirSync('/proc/self/task').map((task) => readFileSync(\`/proc/self/task/\${task}/comm\`, 'utf8'))
  process.on('exit', () => console.log(names().filter((name) => name.trim() === 'libuv-worker').length))`

/** Where the kernel tells the names of threads. */
const linux = existsSync('/proc/self/task')

describe('the threads of a runner', () => {
  it.skipIf(!linux).each(['source', 'bundle'])('are as many as it counts on: %s', async (form) => {
    const folder = await folders.make()
    writeFileSync(join(folder, 'count.mjs'), COUNT)
    const bundle = join(folder, 'runner.mjs')
    if (form === 'bundle') await buildRunner(bundle)
    const entry = form === 'bundle' ? bundle : join(import.meta.dirname, '../../src/runner/main.ts')
    const { UV_THREADPOOL_SIZE: _, ...env } = process.env
    // It is not enrolled: it looks for its home and ends.
    const run = spawnSync(process.execPath, ['--import', join(folder, 'count.mjs'), entry, 'run'], {
      env: { ...env, DOORSTEP_HOME: join(folder, 'home') },
      encoding: 'utf8',
    })
    expect(run.stderr).toContain('holds no enrolled runner')
    expect(Number(run.stdout)).toBe(64)
  })
})
