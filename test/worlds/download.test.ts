import { describe, expect, it } from 'vitest'
import { findingsOf } from '../../src/core/evidence.ts'
import { DOWNLOAD_WORLDS } from './cases/download.ts'
import { check } from './parts.ts'
import { tellsTheTruth } from './table.ts'

/** Downloads beside each other would take each other's processor, and another file of worlds runs beside. */
const LANES = 1

describe('how fast files come', () => tellsTheTruth(DOWNLOAD_WORLDS, LANES))

it('measures the rate of the line, and the round trip beside it', { timeout: 60_000 }, async () => {
  const world = DOWNLOAD_WORLDS['a line of 80 Mbit/s, and 2 MB/s wanted']
  if (world === undefined) throw new Error('no such world')
  const { checked, why } = await check(world)
  const found = checked.judgements.flatMap(({ evidence }) => findingsOf(evidence, 'throughput-seen'))
  expect(found, why).toHaveLength(1)
  expect(found[0]?.args).toMatchObject({ host: 'contoso.sharepoint.com', bytes: expect.any(Number) })
  // 80 Mbit/s are 10 MB/s: a busy machine makes less of it, nothing makes much more.
  expect(found[0]?.args.secondHalfMBps).toBeLessThan(11)
  expect(found[0]?.args.wholeMBps).toBeGreaterThan(2)
  expect(found[0]?.args.idleMs).toBeGreaterThan(0)
})
