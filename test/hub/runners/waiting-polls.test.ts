import { describe, expect, it } from 'vitest'
import { judgeHello } from '../../../src/hub/runners/judge-hello.ts'
import { Presence } from '../../../src/hub/runners/presence.ts'
import { type PollEnd, WaitingPolls } from '../../../src/hub/runners/waiting-polls.ts'
import { HandClock } from '../../runner/fakes.ts'
import { NOW } from '../../wire/signing-kit.ts'

function polls(unit = 0.5) {
  const clock = new HandClock()
  const waiting = new WaitingPolls(clock, { hex: () => '', unit: () => unit }, 25_000)
  const ends: Record<string, PollEnd> = {}
  const hold = (name: string, runnerId = name) => {
    const gone = new AbortController()
    void waiting.hold(runnerId, gone.signal).then((end) => {
      ends[name] = end
    })
    return gone
  }
  return { clock, waiting, ends, hold }
}

describe('a held poll', () => {
  it.each([
    [0, 25_000],
    [0.5, 22_500],
    [0.999, 20_005],
  ])('is answered empty after the hold less its jitter (%d)', async (unit, ms) => {
    const { clock, ends, hold } = polls(unit)
    hold('a')
    await clock.pass(ms - 1)
    expect(ends).toEqual({})
    await clock.pass(1)
    expect(ends).toEqual({ a: 'empty' })
  })

  it('is answered at once when there is work, and only its own', async () => {
    const { clock, waiting, ends, hold } = polls()
    hold('a')
    hold('b')
    waiting.wake(['a', 'elsewhere'])
    await clock.pass(0)
    expect(ends).toEqual({ a: 'wake' })
    expect([waiting.isOpen('a'), waiting.isOpen('b'), waiting.size]).toEqual([false, true, 1])
  })

  it('gives way to a newer one of the same runner', async () => {
    const { clock, waiting, ends, hold } = polls()
    hold('old', 'a')
    hold('new', 'a')
    await clock.pass(0)
    expect(ends).toEqual({ old: 'replaced' })
    expect(waiting.isOpen('a')).toBe(true)
    waiting.wake(['a'])
    await clock.pass(0)
    expect(ends).toEqual({ old: 'replaced', new: 'wake' })
  })

  it('goes when its client has gone, and leaves the newer one alone', async () => {
    const { clock, waiting, ends, hold } = polls()
    const gone = hold('a')
    gone.abort()
    await clock.pass(0)
    expect(ends).toEqual({ a: 'gone' })
    const old = hold('old', 'b')
    hold('new', 'b')
    old.abort()
    await clock.pass(0)
    expect(waiting.isOpen('b')).toBe(true)
  })

  it('is let go when the hub stops, and later ones are not held', async () => {
    const { clock, waiting, ends, hold } = polls()
    hold('a')
    waiting.drain()
    hold('b')
    await clock.pass(0)
    expect(ends).toEqual({ a: 'drain', b: 'drain' })
    expect(clock.next).toBeNull()
  })
})

describe('a runner', () => {
  it('is silent without an open poll and without one for 60 s', () => {
    const open = new Set<string>()
    const presence = new Presence((id) => open.has(id), 60_000)
    expect(presence.isSilent('a', NOW)).toBe(true)
    presence.heard('a', NOW)
    presence.heard('a', NOW - 5000)
    expect(presence.lastHeard('a')).toBe(NOW)
    expect(presence.isSilent('a', NOW + 60_000)).toBe(false)
    expect(presence.isSilent('a', NOW + 60_001)).toBe(true)
    open.add('a')
    expect(presence.isSilent('a', NOW + 600_000)).toBe(false)
    presence.forget('a')
    expect(presence.lastHeard('a')).toBeNull()
  })
})

describe('a hello', () => {
  it.each([
    [
      'the first',
      { generation: 0, nonce: null },
      { generation: 0, nonce: 'x' },
      { kind: 'next', generation: 1 },
    ],
    [
      'the next',
      { generation: 4, nonce: 'x' },
      { generation: 4, nonce: 'y' },
      { kind: 'next', generation: 5 },
    ],
    [
      'a repeated',
      { generation: 4, nonce: 'x' },
      { generation: 3, nonce: 'x' },
      { kind: 'again', generation: 4 },
    ],
    ['a copy’s', { generation: 4, nonce: 'x' }, { generation: 3, nonce: 'y' }, { kind: 'cloned' }],
    ['an old backup’s', { generation: 9, nonce: 'x' }, { generation: 3, nonce: 'x' }, { kind: 'cloned' }],
    ['one from the future', { generation: 4, nonce: 'x' }, { generation: 5, nonce: 'y' }, { kind: 'cloned' }],
  ])('is told apart: %s', (_name, held, hello, expected) => {
    expect(judgeHello(held, hello)).toEqual(expected)
  })
})
