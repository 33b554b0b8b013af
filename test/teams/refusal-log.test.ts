import { expect, it } from 'vitest'
import { REFUSAL_LINE_MS, refusalLog } from '../../src/teams/refusal-log.ts'
import { keptLog } from '../support/settle.ts'

it('tells of the first refusal at once, of a thousand others in one line a minute, and of each how often', () => {
  const log = keptLog()
  let now = 1_000_000
  const turnedAway = refusalLog(log, () => now)
  turnedAway('no token')
  for (let count = 0; count < 1_000; count++) turnedAway(count % 4 === 0 ? 'tenant' : 'signature')
  now += REFUSAL_LINE_MS
  turnedAway('no token')
  turnedAway('no token')
  expect(log.lines.map(({ fields }) => fields['refused'])).toEqual([
    { 'no token': 1 },
    { tenant: 250, signature: 750, 'no token': 1 },
  ])
})
