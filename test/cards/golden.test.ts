import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LOOKS } from '../support/draw-cards.ts'
import { BYTES_AIM, cardFaults, nodesOf } from './card-lint.ts'
import { GOLDEN_CARDS } from './golden-cases/cards.ts'

const FOLDER = join(import.meta.dirname, '..', 'golden', 'cards')
const CASES = Object.entries(GOLDEN_CARDS)

describe('golden cards', () => {
  it.each(CASES)('%s is the card that was reviewed (npm run golden rewrites it)', (name, make) => {
    const written = readFileSync(join(FOLDER, `${name}.json`), 'utf8')
    expect(`${JSON.stringify(make().card, null, 2)}\n`).toBe(written)
  })

  it.each(CASES)('%s keeps the rules of all cards', (_name, make) => {
    expect(cardFaults(make().card)).toEqual([])
  })

  it.each(CASES)('%s is small and has three buttons at most, a digest four', (name, make) => {
    const { card } = make()
    expect(Buffer.byteLength(JSON.stringify(card))).toBeLessThanOrEqual(BYTES_AIM)
    expect(nodesOf(card).filter(({ type }) => type === 'Action.Execute').length).toBeLessThanOrEqual(
      name.startsWith('digest.') ? 4 : 3,
    )
  })

  it.each(CASES)('%s has its pictures', (name) => {
    for (const look of LOOKS) expect(existsSync(join(FOLDER, `${name}.${look}.png`)), look).toBe(true)
  })
})
