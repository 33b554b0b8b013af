import { describe, expect, it } from 'vitest'
import { done, failed, type Outcome } from '../../src/core/failure.ts'
import type { Instance } from '../../src/core/instance.ts'
import type { Kept } from '../../src/endpoints/kept.ts'
import { firstList, NO_LIST, snapshotList } from '../../src/endpoints/snapshot.ts'
import recorded from '../../src/endpoints/snapshot-worldwide.json' with { type: 'json' }
import { EndpointSource } from '../../src/endpoints/source.ts'
import { HandClock, keptLog } from '../runner/fakes.ts'
import { countingRandom, NOW } from '../wire/signing-kit.ts'

const SETS = JSON.stringify(recorded.endpoints)
const HOUR = 3_600_000
const FIRST = '2026102900'
const SECOND = '2026112900'

/** One web service and one place to keep things, and as many starts of a program as a test needs. */
function installation(instance: Instance = 'Worldwide') {
  const served = { version: FIRST, list: SETS, busy: false, from: 'https://list.example' }
  const asked: string[] = []
  const clock = new HandClock()
  const log = keptLog()
  const memory = { value: undefined as unknown, broken: false, saves: 0 }
  const fetchText = async (path: string): Promise<Outcome<string>> => {
    asked.push(path.split('/')[1] ?? '')
    if (path.startsWith('/version')) return done(JSON.stringify({ latest: served.version }))
    return served.busy ? failed('http-busy', 'status 429') : done(served.list)
  }
  const start = async (): Promise<EndpointSource> => {
    const source = new EndpointSource({
      fetchText,
      instance,
      snapshot: firstList(instance),
      keep: {
        from: served.from,
        memory: {
          load: async () => {
            if (memory.broken) throw new Error('broken')
            return memory.value
          },
          save: async (kept) => {
            if (memory.broken) throw new Error('broken')
            memory.saves++
            memory.value = JSON.parse(JSON.stringify(kept))
          },
        },
      },
      clientId: 'guid',
      clock,
      random: countingRandom(),
      log,
    })
    await source.start()
    return source
  }
  const restart = async (source: EndpointSource): Promise<EndpointSource> => {
    source.close()
    return start()
  }
  return { served, asked, clock, log, memory, start, restart }
}

describe('an endpoint list that is kept', () => {
  it('serves again after a restart, and nobody is asked within the hour', async () => {
    const { start, restart, asked, clock } = installation()
    let source = await start()
    expect(asked).toEqual(['version', 'endpoints'])
    await clock.pass(HOUR / 2)
    source = await restart(source)
    expect([source.list.version, source.fetchedAt]).toEqual([FIRST, NOW])
    expect(asked).toHaveLength(2)
    await clock.pass(HOUR / 2 - 1000)
    expect(asked).toHaveLength(2)
    await clock.pass(HOUR)
    expect(asked).toEqual(['version', 'endpoints', 'version'])
    source.close()
  })

  it('is not fetched again while its version is the newest, however often the program starts', async () => {
    const { start, restart, asked, clock, served } = installation()
    let source = await start()
    for (let starts = 0; starts < 10; starts++) {
      await clock.pass(HOUR * 1.2)
      source = await restart(source)
    }
    expect(asked.filter((what) => what === 'endpoints')).toHaveLength(1)
    served.version = SECOND
    await clock.pass(HOUR * 1.2)
    expect(source.list.version).toBe(SECOND)
    expect(asked.filter((what) => what === 'endpoints')).toHaveLength(2)
    source.close()
  })

  it('waits for an hour when the web service says that it is asked too often, also over a restart', async () => {
    const { start, restart, asked, clock, served } = installation()
    served.busy = true
    let source = await start()
    expect(source.list.version).toBe(snapshotList().version)
    served.busy = false
    await clock.pass(HOUR / 2)
    source = await restart(source)
    await clock.pass(HOUR / 2 - 1000)
    expect(asked).toEqual(['version', 'endpoints'])
    await clock.pass(HOUR / 5)
    expect(source.list.version).toBe(FIRST)
    source.close()
  })

  it('does not ask for the version again while only the list could not be had', async () => {
    const { start, asked, clock, served, log } = installation()
    served.list = '<html>'
    const source = await start()
    expect(log.lines.map(({ message }) => message)).toEqual([
      'a new endpoint list was refused; the old one stays',
    ])
    await clock.pass(HOUR / 2)
    expect(asked).toEqual(['version', 'endpoints'])
    served.list = SETS
    await clock.pass(HOUR)
    expect(source.list.version).toBe(FIRST)
    source.close()
  })

  it('is not fetched again once it was refused, neither hourly nor after restarts, until its version changes', async () => {
    const { start, restart, asked, clock, served, log } = installation()
    let source = await start()
    Object.assign(served, { version: SECOND, list: JSON.stringify(recorded.endpoints.slice(0, 7)) })
    for (let hours = 0; hours < 5; hours++) await clock.pass(HOUR * 1.2)
    for (let starts = 0; starts < 5; starts++) {
      source = await restart(source)
      await clock.pass(HOUR * 1.2)
    }
    expect(source.list.version).toBe(FIRST)
    // The first list, and the one that was refused.
    expect(asked.filter((what) => what === 'endpoints')).toHaveLength(2)
    expect(source.refused).toEqual({ version: SECOND, problem: '65 of 72 sets are gone' })
    expect(log.lines.at(-1)).toMatchObject({ level: 'warn', facts: { version: SECOND, held: FIRST } })
    expect(source.fetchedAt).toBeLessThan(clock.now() - HOUR)
    const THIRD = '2026113000'
    Object.assign(served, { version: THIRD, list: SETS })
    await clock.pass(HOUR * 1.2)
    expect([source.list.version, source.refused]).toEqual([THIRD, null])
    expect(asked.filter((what) => what === 'endpoints')).toHaveLength(3)
    source.close()
  })

  it('is asked for again where something else came in its place, and tells of no refusal', async () => {
    const { start, asked, clock, served } = installation()
    const source = await start()
    Object.assign(served, { version: SECOND, list: '<html>Sign in</html>' })
    await clock.pass(HOUR * 1.2)
    expect([source.list.version, source.refused]).toEqual([FIRST, null])
    served.list = SETS
    await clock.pass(HOUR * 1.2)
    expect(source.list.version).toBe(SECOND)
    expect(asked.filter((what) => what === 'endpoints')).toHaveLength(3)
    source.close()
  })

  it('is the newest again when Microsoft takes the refused version back', async () => {
    const { start, clock, served } = installation()
    const source = await start()
    Object.assign(served, { version: SECOND, list: JSON.stringify(recorded.endpoints.slice(0, 7)) })
    await clock.pass(HOUR * 1.2)
    expect(source.refused?.version).toBe(SECOND)
    Object.assign(served, { version: FIRST, list: SETS })
    await clock.pass(HOUR * 1.2)
    expect([source.list.version, source.refused]).toEqual([FIRST, null])
    source.close()
  })

  it('that an older program kept, which knew of no refusals, is read', async () => {
    const { start, restart, memory, asked } = installation()
    const source = await start()
    const { refused, ...older } = memory.value as Kept
    expect(refused).toBeNull()
    memory.value = older
    const next = await restart(source)
    expect(next.list.version).toBe(FIRST)
    expect(asked).toEqual(['version', 'endpoints'])
    next.close()
  })

  it('is taken over from another hub on the same store, which then need not be asked for', async () => {
    const { start, asked, clock, served } = installation()
    const one = await start()
    await clock.pass(HOUR / 2)
    const other = await start()
    served.version = SECOND
    await clock.pass(HOUR * 2)
    expect([one.list.version, other.list.version]).toEqual([SECOND, SECOND])
    expect(asked.filter((what) => what === 'endpoints')).toHaveLength(2)
    one.close()
    other.close()
  })

  it('is written only when something changed', async () => {
    const { start, restart, memory } = installation()
    let source = await start()
    for (let starts = 0; starts < 5; starts++) source = await restart(source)
    // Once per start at most: a program does not know what the one before it wrote.
    expect(memory.saves).toBeLessThanOrEqual(6)
    source.close()
  })

  it.each<[string, (kept: Kept) => unknown]>([
    ['is damaged', () => 'nonsense'],
    ['is another version’s', (kept) => ({ ...kept, fetched: [] })],
    ['was made to allow every host', (kept) => hostile(kept, (set) => ({ ...set, urls: ['*'] }))],
    [
      'was made to allow private addresses',
      (kept) => hostile(kept, (set) => ({ ...set, ips: ['10.0.0.0/8'] })),
    ],
    [
      'lost most of its sets',
      (kept) => ({ ...kept, fetched: { version: FIRST, entries: recorded.endpoints.slice(0, 9) } }),
    ],
    ['is from another web service', (kept) => ({ ...kept, from: 'https://else.example Worldwide' })],
    ['is another instance’s', (kept) => ({ ...kept, from: 'https://list.example China' })],
    [
      'comes from the future',
      (kept) => ({ ...kept, newestAt: NOW * 2, latest: { version: FIRST, at: NOW * 2 } }),
    ],
  ])('is fetched anew when what was kept %s', async (_name, change) => {
    const { start, restart, asked, memory } = installation()
    const source = await start()
    memory.value = change(memory.value as Kept)
    const next = await restart(source)
    expect(next.list.sets).toEqual(source.list.sets)
    expect(asked.filter((what) => what === 'endpoints')).toHaveLength(2)
    next.close()
  })

  it('is fetched, and kept in memory alone, where nothing can be kept', async () => {
    const { start, memory, log } = installation()
    memory.broken = true
    const source = await start()
    expect(source.list.version).toBe(FIRST)
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(2)
    source.close()
  })

  it.each([
    ['less than half of the snapshot’s sets', { list: JSON.stringify(recorded.endpoints.slice(0, 7)) }],
    ['a version from before the snapshot', { version: '2024010100' }],
  ])('is never one with %s, not even the first', async (_name, bad) => {
    const { start, served, log } = installation()
    Object.assign(served, bad)
    const source = await start()
    expect([source.list.version, source.fetchedAt]).toEqual([snapshotList().version, null])
    expect(log.lines.map(({ message }) => message)).toEqual([
      'a new endpoint list was refused; the old one stays',
    ])
    source.close()
  })

  it('does not go back to an older version once it has a newer one, whatever happens in between', async () => {
    const { start, restart, served, clock } = installation()
    served.version = SECOND
    let source = await start()
    served.version = FIRST
    await clock.pass(HOUR * 1.2)
    expect(source.list.version).toBe(SECOND)
    source = await restart(source)
    expect(source.list.version).toBe(SECOND)
    source.close()
  })
})

describe('another instance', () => {
  it('is asked for by its own name, and until then there is no list: nothing was recorded for it', async () => {
    const { start, served } = installation('USGovGCCHigh')
    served.list = '<html>'
    const source = await start()
    expect(source.list).toEqual(NO_LIST)
    source.close()
    const good = installation('USGovGCCHigh')
    const fetched = await good.start()
    expect(fetched.list.sets).toHaveLength(72)
    fetched.close()
  })
})

function hostile(kept: Kept, change: (set: object) => object): Kept {
  const entries = (kept.fetched?.entries ?? []) as readonly object[]
  const fetched = { version: FIRST, entries: entries.map((set, at) => (at === 0 ? change(set) : set)) }
  return { ...kept, fetched }
}
