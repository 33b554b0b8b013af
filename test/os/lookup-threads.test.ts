import { describe, expect, it } from 'vitest'
import { lookupThreads } from '../../src/os/lookup-threads.ts'

function given(told: string | undefined, platform: string) {
  const env: Record<string, string | undefined> = told === undefined ? {} : { UV_THREADPOOL_SIZE: told }
  return { lookups: lookupThreads(env, platform), threads: env['UV_THREADPOOL_SIZE'] }
}

describe('lookupThreads', () => {
  it.each(['linux', 'darwin'])('makes threads for 31 lookups on %s', (platform) => {
    expect(given(undefined, platform)).toEqual({ lookups: 31, threads: '64' })
  })

  it('counts on two lookups on Windows, where it is too late to ask for more', () => {
    expect(given(undefined, 'win32')).toEqual({ lookups: 2, threads: undefined })
  })

  it.each([
    ['4', 2],
    ['5', 2],
    ['16', 7],
    ['1', 1],
    ['0', 1],
    ['x', 1],
    ['', 1],
    ['8 threads', 3],
    ['-3', 511],
    ['99999', 511],
  ])('goes by what the environment says, here "%s": %i lookups', (told, lookups) => {
    for (const platform of ['linux', 'win32'])
      expect(given(told, platform)).toEqual({ lookups, threads: told })
  })
})
