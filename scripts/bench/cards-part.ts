import { GOLDEN_CARDS } from '../../test/cards/golden-cases/cards.ts'
import { type Part, type Spread, spread } from './numbers.ts'

/** Renderings of each card; the first ones, in which code is compiled, are not counted. */
const RUNS = 200
const WARM_UP = 20

/** Renders every reviewed card many times. */
export function measureCards(): Part {
  const cards: Record<string, Spread & { readonly bytes: number }> = {}
  for (const [name, make] of Object.entries(GOLDEN_CARDS)) {
    const samples: number[] = []
    let bytes = 0
    for (let run = 0; run < WARM_UP + RUNS; run++) {
      const began = performance.now()
      const { card } = make()
      const ms = performance.now() - began
      bytes = Buffer.byteLength(JSON.stringify(card))
      if (run >= WARM_UP) samples.push(ms)
    }
    cards[name] = { ...spread(samples), bytes }
  }
  const largest = Math.max(...Object.values(cards).map(({ bytes }) => bytes))
  return {
    rows: [
      ...Object.entries(cards).map(([name, { p50, p99, bytes }]) => ({
        what: `card ${name}`,
        measured: `p50 ${p50} ms, p99 ${p99} ms, ${(bytes / 1024).toFixed(1)} KB`,
        budget: '',
      })),
      { what: 'largest card', measured: `${(largest / 1024).toFixed(1)} KB`, budget: '<= 24 KB' },
    ],
    numbers: { cards },
  }
}
