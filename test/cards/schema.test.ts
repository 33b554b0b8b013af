import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { GOLDEN_CARDS } from './golden-cases/cards.ts'
import { schemaFaults } from './schema-walker.ts'

const CASES = Object.entries(GOLDEN_CARDS)

/** As far as this test knows Microsoft's own reader of cards. */
interface Library {
  readonly AdaptiveCard: new () => {
    parse(card: object, context: unknown): void
    validateProperties(): { readonly validationEvents: readonly { readonly message: string }[] }
  }
  readonly SerializationContext: new () => {
    readonly eventCount: number
    getEventAt(index: number): { readonly message: string }
  }
}
// Its ES modules name each other without endings, which Node does not load; the bundle has no types.
const library = createRequire(import.meta.url)('adaptivecards/dist/adaptivecards.js') as Library

describe('a golden card', () => {
  it.each(CASES)(
    '%s is allowed by the schema of Adaptive Cards 1.5 with the Teams extensions',
    (_name, make) => {
      expect(schemaFaults(make().card)).toEqual([])
    },
  )

  it.each(CASES)('%s is read by Microsoft’s own library without a complaint', (_name, make) => {
    const context = new library.SerializationContext()
    const card = new library.AdaptiveCard()
    card.parse(make().card, context)
    const events = Array.from({ length: context.eventCount }, (_, at) => context.getEventAt(at).message)
    // It has no charts; they carry a fallback for such readers.
    expect(events.filter((message) => !message.includes('Chart.'))).toEqual([])
    expect(card.validateProperties().validationEvents.map(({ message }) => message)).toEqual([])
  })
})

describe('the walk over a card', () => {
  const good = { type: 'AdaptiveCard', version: '1.5', body: [{ type: 'TextBlock', text: 'x' }] }

  it.each<[string, object, string]>([
    ['a misspelt property', { body: [{ type: 'TextBlock', text: 'x', warp: true }] }, 'unknown warp'],
    ['a missing text', { body: [{ type: 'TextBlock' }] }, 'lacks text'],
    [
      'a colour that is none',
      { body: [{ type: 'TextBlock', text: 'x', color: 'Red' }] },
      '"Red", not Colors',
    ],
    ['an element of a later version', { body: [{ type: 'Carousel' }] }, 'is a Carousel, not a Element'],
    ['an action among the elements', { body: [{ type: 'Action.Execute' }] }, 'not a Element'],
    ['an element among the actions', { actions: [{ type: 'TextBlock', text: 'x' }] }, 'not a Action'],
    ['an element without a type', { body: [{ text: 'x' }] }, 'not a Element'],
    ['a text that is a number', { body: [{ type: 'TextBlock', text: 5 }] }, 'is 5, not string'],
    ['a list that is an object', { body: {} }, 'is no list'],
    ['a mention', { msteams: { entities: [] } }, 'unknown entities'],
    ['a card that opens a card', { actions: [{ type: 'Action.ShowCard', card: { body: [] } }] }, 'no type'],
    [
      'a chart whose point has no number',
      { body: [{ type: 'Chart.Line', data: [{ values: [{ x: '2026-11-20', y: '5' }] }] }] },
      'y is "5", not number',
    ],
    ['a name from Object', { constructor: 1 }, 'unknown constructor'],
  ])('finds %s', (_what, change, fault) => {
    expect(schemaFaults({ ...good, ...change }).join('\n')).toContain(fault)
    expect(schemaFaults(good)).toEqual([])
  })
})
