import { describe, expect, it } from 'vitest'
import { runnersText } from '../../src/cards/runners-text.ts'
import { visible } from '../../src/cards/text.ts'

const text = (...runners: Parameters<typeof runnersText>[0][number][]) =>
  runnersText(runners)
    .filter((part) => part !== '')
    .map(visible)

describe('the runners on a card', () => {
  it('are named by whether they take part', () => {
    expect(text({ name: 'lon-1', status: 'online' }, { name: 'lon-2', status: 'silent' })).toEqual([
      'runner lon-1',
      'silent: lon-2',
    ])
  })

  it('keep their status when quarantined, and the card says so', () => {
    expect(text({ name: 'lon-1', status: 'online', quarantined: true })).toEqual([
      'runner lon-1',
      'quarantined for rubbish: lon-1',
    ])
  })

  it('are said to be missing when there is none', () => {
    expect(text()).toEqual(['no runner registered'])
  })
})
