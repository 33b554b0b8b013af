import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { activitySchema } from '../../src/teams/activity.ts'
import { decodeEntities, messageText } from '../../src/teams/message-text.ts'
import { activity, BOT_MENTION } from './activities.ts'

const other = (name: string, id = `29:${name}`): object => ({
  type: 'mention',
  text: `<at>${name}</at>`,
  mentioned: { id, name },
})
const read = (text: unknown, entities: readonly object[] = []): ReturnType<typeof messageText> =>
  messageText(activitySchema.parse(activity({ text, entities })))

describe('what a message says', () => {
  it.each([
    ['in a personal chat', 'check Seattle', [], 'check Seattle'],
    [
      'after the mention, as channels send it',
      '<at>Doorstep</at>&nbsp;check Seattle\n',
      [BOT_MENTION],
      'check Seattle',
    ],
    [
      'with the bot mentioned twice',
      '<at>Doorstep</at> check <at>Doorstep</at> Lyon',
      [BOT_MENTION, BOT_MENTION],
      'check Lyon',
    ],
    ['with a second mention that has no entity', '<at>Doorstep</at> a <at>Doorstep</at>', [BOT_MENTION], 'a'],
    ['with another case in the text', '<at>doorstep</at> help', [BOT_MENTION], 'help'],
    ['with attributes in the tag', '<at id="0">Doorstep</at> help', [BOT_MENTION], 'help'],
    [
      'with an entity that has no text',
      '<at>Doorstep</at> help',
      [{ ...BOT_MENTION, text: undefined }],
      'help',
    ],
    ['with a mention without a tag', '@Doorstep help', [{ ...BOT_MENTION, text: '@Doorstep' }], 'help'],
    ['with a mention that nobody made', '<at>Everyone</at> check', [BOT_MENTION], '<at>Everyone</at> check'],
    ['with only the mention', '<at>Doorstep</at>&nbsp;\n', [BOT_MENTION], ''],
    ['with nothing', undefined, [], ''],
    ['with no-break and zero-width spaces only', '\u00a0\u200b ', [], ''],
    ['with spaces that are not spaces', 'check\u00a0\u200bSeattle', [], 'check Seattle'],
    ['with markup characters', 'check A &amp; B &lt;x&gt; &#39;c&#x27;', [], "check A & B <x> 'c'"],
    ['decoded once, not twice', 'check &amp;lt;', [], 'check &lt;'],
    ['in two lines', 'check Seattle\nrevoke all', [], 'check Seattle\nrevoke all'],
  ])('%s', (_name, text, entities, expected) => {
    expect(read(text, entities).text).toBe(expected)
  })

  it('takes out a bot whose name holds markup characters', () => {
    const mention = { ...BOT_MENTION, text: '<at>Door & Step</at>' }
    expect(read('<at>Door &amp; Step</at> help', [mention]).text).toBe('help')
  })

  it('keeps other people, with who they are', () => {
    const { text, mentions } = read('<at>Doorstep</at> role grant <at>Kenji Mori</at> operator', [
      BOT_MENTION,
      other('Kenji Mori'),
    ])
    expect(text).toBe('role grant @Kenji Mori operator')
    expect(mentions).toEqual([{ id: '29:Kenji Mori', name: 'Kenji Mori', text: '@Kenji Mori' }])
  })

  it('tells a person with the name of the bot from the bot', () => {
    const { text, mentions } = read('<at>Doorstep</at> role grant <at>Doorstep</at>', [
      BOT_MENTION,
      other('Doorstep', '29:namesake'),
    ])
    expect(text).toBe('role grant @Doorstep')
    expect(mentions).toHaveLength(1)
  })

  it('is quick with a thousand mentions', () => {
    const many = Array.from({ length: 1_000 }, (_, at) => other(`Person ${at}`))
    expect(read(many.map((_, at) => `<at>Person ${at}</at>`).join(' '), many).mentions).toHaveLength(1_000)
  })

  it('never throws, and leaves no space at either end', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const said = read(text, [BOT_MENTION]).text
        expect(said).toBe(said.trim())
      }),
    )
  })
})

it('leaves references alone that it does not know', () => {
  expect(decodeEntities('&bogus; &#0; &#xD800; &#1114112; &')).toBe('&bogus; &#0; &#xD800; &#1114112; &')
})
