import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CRITERIA } from '../../src/core/verdict.ts'
import { BY_SEATTLE, internet, office, resolverOf, withWorld } from './parts.ts'
import { withStranger } from './stranger.ts'

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname
const LONGEST_MS = 90_000

/** What `npm start -- --world <folder> --once <text>` prints. */
const ask = async (world: string, text: string): Promise<string> => {
  const data = await mkdtemp(join(tmpdir(), 'doorstep-whole-'))
  try {
    const args = [MAIN, 'local', '--data', data, '--world', world, '--once', text]
    const child = spawn(process.execPath, args, {
      env: { ...process.env, DOORSTEP_MEDIA_SECONDS: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    let wrong = ''
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk
    })
    child.stderr.on('data', (chunk: Buffer) => {
      wrong += chunk
    })
    const [code] = await once(child, 'close')
    expect(code, wrong).toBe(0)
    return said
  } finally {
    await rm(data, { recursive: true, force: true })
  }
}

/** One letter per criterion, in the order of the card. */
const lettersIn = (said: string): string =>
  CRITERIA.map((id) => new RegExp(`^${id} (\\w)`, 'm').exec(said)?.[1] ?? ' ').join('')

describe('npm start -- --world <folder> --once', () => {
  it('accepts runners whose clocks are five minutes wrong', { timeout: LONGEST_MS }, async () => {
    const spec = internet([
      office('Seattle', { clockOffsetMs: -300_000 }),
      office('London', { ...BY_SEATTLE, clockOffsetMs: 300_000, resolvers: [resolverOf('Seattle')] }),
    ])
    const said = await withWorld({ spec, truth: {} }, (folder) => ask(folder, 'check all'))
    expect(said).toMatch(/^London not-ready /m)
    expect(said).toMatch(/^Seattle ready$/m)
  })

  it('tells right of a world of another make', { timeout: LONGEST_MS }, async () => {
    const said = await withStranger({ fewNames: true, relayChain: [] }, (folder) =>
      ask(folder, 'check office London'),
    )
    expect(lettersIn(said), said).toBe('ppppppppp')
  })
})
