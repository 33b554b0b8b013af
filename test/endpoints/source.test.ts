import { describe, expect, it } from 'vitest'
import { done, failed, type Outcome } from '../../src/core/failure.ts'
import { snapshotList } from '../../src/endpoints/snapshot.ts'
import recorded from '../../src/endpoints/snapshot-worldwide.json' with { type: 'json' }
import { EndpointSource } from '../../src/endpoints/source.ts'
import { HandClock, keptLog } from '../runner/fakes.ts'
import { countingRandom, NOW } from '../wire/signing-kit.ts'

const SETS = JSON.stringify(recorded.endpoints)

function service(first: { version: string | null; list?: string }) {
  const served = { list: SETS, ...first }
  const asked: string[] = []
  const clock = new HandClock()
  const log = keptLog()
  const fetchText = async (path: string): Promise<Outcome<string>> => {
    asked.push(path)
    if (served.version === null) return failed('timeout')
    return done(path.startsWith('/version') ? JSON.stringify({ latest: served.version }) : served.list)
  }
  const random = countingRandom()
  const source = new EndpointSource({
    fetchText,
    snapshot: snapshotList(),
    clientId: 'guid',
    clock,
    random,
    log,
  })
  return { served, asked, clock, log, source }
}

describe('the runner’s own endpoint list', () => {
  it('is fetched at the start, with the runner’s own GUID', async () => {
    const { source, asked } = service({ version: '2026102900' })
    await source.start()
    expect([source.list.version, source.fetchedAt]).toEqual(['2026102900', NOW])
    expect(asked).toEqual([
      '/version/Worldwide?ClientRequestId=guid',
      '/endpoints/Worldwide?ClientRequestId=guid',
    ])
    source.close()
  })

  it('is the snapshot, and known to be, until a fetch succeeds a minute later', async () => {
    const { source, served, clock, log } = service({ version: null })
    await source.start()
    expect([source.list.version, source.fetchedAt]).toEqual([snapshotList().version, null])
    expect(log.lines.map(({ level }) => level)).toEqual(['warn'])
    served.version = '2026102900'
    await clock.pass(63_000)
    expect(source.list.version).toBe('2026102900')
    source.close()
    expect(clock.next).toBeNull()
  })

  it('is fetched again within the hour only when its version is new', async () => {
    const { source, served, asked, clock } = service({ version: '2026102900' })
    await source.start()
    await clock.pass(3_780_000)
    expect(asked).toHaveLength(3)
    served.version = '2026112900'
    await clock.pass(3_780_000)
    expect(asked).toHaveLength(5)
    expect(source.list.version).toBe('2026112900')
    source.close()
  })

  it('takes a small or an old list first, for a world may serve one, but does not let a fetched one shrink', async () => {
    const { source, served, clock } = service({ version: '2023010100' })
    await source.start()
    expect(source.list.version).toBe('2023010100')
    Object.assign(served, { version: '2026112900', list: JSON.stringify(recorded.endpoints.slice(0, 5)) })
    await clock.pass(3_780_000)
    expect(source.list.version).toBe('2023010100')
    source.close()
    const small = service({ version: '2026010100', list: JSON.stringify(recorded.endpoints.slice(0, 5)) })
    await small.source.start()
    expect(small.source.list.sets).toHaveLength(5)
    small.source.close()
  })

  it.each([
    ['a web page', { list: '<html>' }],
    ['an empty list', { list: '[]' }],
    ['a list that allows every host', { list: SETS.replace('outlook.office365.com', '*') }],
    ['a version that is none', { version: 'latest' }],
  ])('does not give way to %s', async (_name, bad) => {
    const { source, log } = service({ version: '2026102900', ...bad })
    await source.start()
    expect([source.list.version, source.fetchedAt]).toEqual([snapshotList().version, null])
    expect(log.lines).toHaveLength(1)
    source.close()
  })
})
