import { describe, expect, it } from 'vitest'
import { readRunnerConfig } from '../../src/config/runner-config.ts'
import type { World } from '../../src/net/world-file.ts'
import { probeSettings } from '../../src/runner/settings.ts'

const read = readRunnerConfig({}, {}, '/tmp/home')
if (!read.ok) throw new Error('no configuration')
const { config } = read
const TOLD = { proxies: [], clockOffsetMs: () => 0 }

function settings(world: World | null, held: string | null) {
  const asked: string[] = []
  const store = () => {
    asked.push('store')
    return held
  }
  return { of: probeSettings(config, world, 'https://hub.example', [], TOLD, store), asked }
}

describe('the roots that a machine adds', () => {
  it.each([['PEM'], [''], [null]])('are read from its store when first asked for, and once: %j', (held) => {
    const { of, asked } = settings(null, held)
    expect(asked).toEqual([])
    expect([of.systemRoots, of.systemRoots]).toEqual([held, held])
    expect(asked).toEqual(['store'])
  })

  it.each([
    ['PEM', 'PEM'],
    [null, null],
    [undefined, null],
  ])('are what the file says in a world, never the real store: %j', (systemRoots, expected) => {
    const { of, asked } = settings({ systemRoots } as World, 'real')
    expect(of.systemRoots).toBe(expected)
    expect(asked).toEqual([])
  })
})
