import { describe, expect, it } from 'vitest'
import { cutList } from '../../src/cards/cut-list.ts'
import {
  CARD_BYTES_MAX,
  CardTooLargeError,
  cardBytes,
  compileTemplate,
  renderCard,
  UnboundCardError,
} from '../../src/cards/render-card.ts'

const template = (body: object) => compileTemplate('test', { type: 'AdaptiveCard', body, actions: [] })

describe('rendering', () => {
  it('refuses a card whose template asks for a value that is not given', () => {
    const asking = template([{ type: 'TextBlock', text: 'Hello ${missing}' }])
    expect(() => renderCard(asking, { summary: 's' })).toThrow(UnboundCardError)
  })

  it('takes data that looks like a template for what it is', () => {
    const saying = template([{ type: 'TextBlock', text: '${text}' }])
    const { card } = renderCard(saying, { summary: 's', text: '${summary}' })
    expect(card).toMatchObject({ body: [{ text: '$\u2060{summary}' }] })
  })

  it('leaves out empty actions, which blank a card on phones', () => {
    expect(renderCard(template([]), { summary: 's' }).card).not.toHaveProperty('actions')
  })

  it('cuts the longest list and counts what is gone', () => {
    const listing = template([
      { $data: '${rows.items}', type: 'TextBlock', text: '${text}' },
      { $when: '${rows.hasMore}', type: 'TextBlock', text: '${rows.more}' },
    ])
    const rows = cutList(Array.from({ length: 200 }, () => ({ text: 'x'.repeat(300) })))
    const { card } = renderCard(listing, { summary: 's', rows, few: cutList([{ text: 'y' }]) })
    expect(cardBytes(card)).toBeLessThanOrEqual(CARD_BYTES_MAX)
    const body = (card as { body: readonly { text: string }[] }).body
    expect(body.at(-1)?.text).toBe(`+${200 - (body.length - 1)} more`)
    expect(body.length).toBeGreaterThan(40)
  })

  it('throws when there is nothing left to cut', () => {
    const saying = template([{ type: 'TextBlock', text: '${text}' }])
    expect(() => renderCard(saying, { summary: 's', text: 'x'.repeat(30_000) })).toThrow(CardTooLargeError)
  })

  it('a template that cannot be read stops the program at its start', () => {
    expect(() => template([{ type: 'TextBlock', text: '${if(}' }])).toThrow()
  })
})
