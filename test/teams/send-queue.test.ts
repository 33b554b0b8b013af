import { describe, expect, it } from 'vitest'
import { MAX_WAITING, MAX_WAITING_HERE, YIELD_MS } from '../../src/teams/limits.ts'
import { queueKit, SENT } from '../support/queue-kit.ts'
import { settle } from '../support/settle.ts'

describe('order', () => {
  it('a noisy conversation does not hold up a quiet one, however slow Teams is for it', async () => {
    const { clock, starts, add, run } = queueKit()
    for (let i = 0; i < 100; i++) void add('noise', { lane: 'noisy', ms: 10_000 })
    await settle()
    clock.advance(100)
    void add('quiet', { lane: 'quiet' })
    await run(5_000)
    expect(starts.find(({ name }) => name === 'quiet')?.at).toBe(100)
  })

  it('final edits and posts go before edits that show progress, in the order they came', async () => {
    const { names, add, run } = queueKit()
    void add('first', { ms: 100 })
    await settle()
    void add('progress', { kind: 'edit', messageId: '1', progress: true })
    void add('final', { kind: 'edit', messageId: '2' })
    void add('post')
    await run()
    expect(names()).toEqual(['first', 'final', 'post', 'progress'])
  })

  it('final edits go before progress of other conversations too, when the tenant is busy', async () => {
    const { starts, add, run } = queueKit()
    for (let i = 0; i < 50; i++) void add('before', { lane: `b${i}` })
    await settle()
    for (let i = 0; i < 80; i++)
      void add('progress', { lane: `p${i}`, kind: 'edit', messageId: '1', progress: true })
    for (let i = 0; i < 20; i++) void add('final', { lane: `f${i}`, kind: 'edit', messageId: '1' })
    await run()
    const after = starts.slice(50)
    expect(after.slice(0, 20).every(({ name, at }) => name === 'final' && at === 1_000)).toBe(true)
    expect(after).toHaveLength(100)
  })

  it('progress does not wait forever behind what keeps coming', async () => {
    const { clock, starts, add } = queueKit()
    void add('progress', { kind: 'edit', messageId: '1', progress: true, instead: async () => null })
    for (let i = 0; i < 60; i++) void add('post')
    for (let second = 0; second < 40; second++) {
      await settle(3)
      clock.advance(1_000)
      void add('post')
    }
    const at = starts.find(({ name }) => name === 'progress')?.at ?? Number.NaN
    expect(at).toBeLessThanOrEqual(YIELD_MS + 35_000)
  })

  it('an edit that waits gives its place to a newer one of the same message, and shares its answer', async () => {
    const { names, add, run } = queueKit()
    void add('busy', { ms: 500 })
    await settle()
    const older = add('older', { kind: 'edit', messageId: '1', progress: true })
    void add('other', { kind: 'edit', messageId: '2' })
    const newer = add('newer', {
      kind: 'edit',
      messageId: '1',
      outcomes: [{ outcome: 'refused', status: 404 }],
    })
    await run()
    expect(names()).toEqual(['busy', 'newer', 'other'])
    expect(await older).toEqual({ outcome: 'refused', status: 404 })
    expect(await newer).toEqual({ outcome: 'refused', status: 404 })
  })

  it('an edit under way that fails never comes after a newer one of the same message', async () => {
    const { names, add, run } = queueKit()
    const older = add('older', { kind: 'edit', messageId: '1', ms: 100, outcomes: [{ outcome: 'unknown' }] })
    await settle()
    const newer = add('newer', { kind: 'edit', messageId: '1' })
    await run()
    expect(names()).toEqual(['older', 'newer'])
    expect([await older, await newer]).toEqual([SENT, SENT])
  })
})

describe('trying again', () => {
  const THROTTLED = { outcome: 'refused', status: 429, retryAfterMs: 7_000 } as const

  it('waits as long as Teams says, with everything of that conversation, and keeps the order', async () => {
    const { starts, add, run } = queueKit()
    void add('one', { outcomes: [THROTTLED, SENT] })
    void add('two')
    void add('elsewhere', { lane: 'b' })
    await run()
    expect(starts.map(({ name, at }) => [name, at])).toEqual([
      ['one', 0],
      ['elsewhere', 0],
      ['one', 7_000],
      ['two', 7_000],
    ])
  })

  it('waits longer each time where Teams says nothing, and gives up after five', async () => {
    const { starts, add, run } = queueKit()
    const refused = { outcome: 'refused', status: 412, retryAfterMs: null } as const
    const answer = add('one', { outcomes: [refused] })
    await run(60_000)
    expect(starts.map(({ at }) => at)).toEqual([0, 750, 2_250, 5_250, 11_250])
    expect(await answer).toEqual(refused)
  })

  it('does not wait longer than a minute: the answer says when it may be worth it', async () => {
    const { starts, add, run } = queueKit()
    const hour = { outcome: 'refused', status: 429, retryAfterMs: 3_600_000 } as const
    const answers = [add('one', { outcomes: [hour] }), add('two')]
    await run(5_000_000)
    expect(await Promise.all(answers)).toEqual([hour, hour])
    expect(starts).toHaveLength(1)
  })

  it('lets others pass an edit whose fate is not known', async () => {
    const { names, add, run } = queueKit()
    void add('edit', { kind: 'edit', messageId: '1', outcomes: [{ outcome: 'unknown' }, SENT] })
    void add('post')
    await run()
    expect(names()).toEqual(['edit', 'post', 'edit'])
  })
})

describe('what is too much', () => {
  it('is given back, progress first, said in the log and counted', async () => {
    const { queue, add, log } = queueKit()
    const progress = add('progress', { kind: 'edit', messageId: '1', progress: true, ms: 1 })
    const held = { ms: 100_000 }
    void add('under way', held)
    for (let i = 0; i < MAX_WAITING_HERE; i++) void add(`${i}`, held)
    const last = add('last')
    await settle()
    const givenBack = { outcome: 'refused', status: 429, retryAfterMs: null }
    expect(await progress).toEqual(givenBack)
    expect(await last).toEqual(givenBack)
    expect(queue.counts.dropped).toBeGreaterThanOrEqual(2)
    expect(log.lines.filter(({ message }) => message.startsWith('dropped'))).toHaveLength(
      queue.counts.dropped,
    )
    expect(queue.counts.waiting).toBeLessThanOrEqual(MAX_WAITING_HERE)
  })

  it('is taken from the noisiest, so that a quiet conversation still gets its answer', async () => {
    const { queue, add, run } = queueKit()
    const noisy = MAX_WAITING / MAX_WAITING_HERE
    for (let i = 0; i < noisy; i++)
      for (let k = 0; k < MAX_WAITING_HERE; k++) void add('noise', { lane: `n${i}` })
    const quiet = add('quiet', { lane: 'q' })
    expect(queue.counts.waiting).toBeLessThanOrEqual(MAX_WAITING)
    await run(2_000)
    expect(await quiet).toEqual(SENT)
  })

  it('is given back at a stop, which waits for what is under way', async () => {
    const { queue, clock, add } = queueKit()
    const underWay = add('one', { ms: 1_000 })
    await settle()
    const waiting = add('two')
    let isStopped = false
    const stopped = queue.stop().then(() => {
      isStopped = true
    })
    expect(await waiting).toMatchObject({ outcome: 'refused' })
    expect(isStopped).toBe(false)
    clock.advance(1_000)
    await stopped
    expect(await underWay).toEqual(SENT)
    expect(await add('three')).toMatchObject({ outcome: 'refused' })
    expect(clock.waiting).toBe(0)
  })
})

it('a bug reaches who asked, and nobody else', async () => {
  const { add, run } = queueKit()
  const broken = add('one', { run: () => Promise.reject(new Error('a bug')) })
  const fine = add('two')
  await expect(broken).rejects.toThrow('a bug')
  await run()
  expect(await fine).toEqual(SENT)
})
