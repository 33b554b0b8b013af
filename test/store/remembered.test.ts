import { describe, expect, it } from 'vitest'
import { Remembered } from '../../src/store/remembered.ts'
import { testClock } from '../support/test-clock.ts'

interface Entry {
  readonly id: string
  readonly value: number
}

function setup(freshMs: number) {
  const clock = testClock()
  const rows: Entry[] = [{ id: 'a', value: 1 }]
  let reads = 0
  let release: (() => void) | null = null
  let held = false
  const copy = new Remembered<Entry>(
    async () => {
      reads++
      const seen = [...rows]
      if (held) await new Promise<void>((resolve) => (release = resolve))
      return seen
    },
    (entry) => entry.id,
    clock,
    freshMs,
  )
  return {
    copy,
    clock,
    rows,
    reads: () => reads,
    hold: () => {
      held = true
    },
    release: () => {
      held = false
      release?.()
    },
  }
}

describe('a table kept in memory', () => {
  it('is read once and answers with the same array until something changes', async () => {
    const { copy, reads } = setup(Number.POSITIVE_INFINITY)
    const first = await copy.all()
    expect(await copy.all()).toBe(first)
    expect(reads()).toBe(1)
  })

  it('is read once for many who ask at the same time', async () => {
    const { copy, reads } = setup(1_000)
    await Promise.all([copy.all(), copy.all(), copy.all()])
    expect(reads()).toBe(1)
  })

  it('shows our own writes at once, without a read', async () => {
    const { copy, reads } = setup(Number.POSITIVE_INFINITY)
    await copy.all()
    copy.wrote({ id: 'a', value: 2 })
    copy.wrote({ id: 'b', value: 3 })
    expect(await copy.all()).toEqual([
      { id: 'a', value: 2 },
      { id: 'b', value: 3 },
    ])
    expect(reads()).toBe(1)
  })

  it('is read again when it is older than it may be, and sees what others wrote', async () => {
    const { copy, clock, rows, reads } = setup(5_000)
    await copy.all()
    rows.push({ id: 'c', value: 9 })
    clock.advance(4_999)
    expect(await copy.all()).toHaveLength(1)
    clock.advance(2)
    expect(await copy.all()).toHaveLength(2)
    expect(reads()).toBe(2)
  })

  it('keeps a write of ours that a running read has missed', async () => {
    const { copy, hold, release } = setup(1_000)
    hold()
    const reading = copy.all()
    copy.wrote({ id: 'a', value: 7 })
    release()
    expect(await reading).toEqual([{ id: 'a', value: 7 }])
  })

  it('asks again after a read that failed', async () => {
    const clock = testClock()
    let tries = 0
    const copy = new Remembered<Entry>(
      async () => {
        if (++tries === 1) throw new Error('away')
        return []
      },
      (entry) => entry.id,
      clock,
      1_000,
    )
    await expect(copy.all()).rejects.toThrow('away')
    expect(await copy.all()).toEqual([])
  })
})
