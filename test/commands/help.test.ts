import { describe, expect, it } from 'vitest'
import { check } from '../../src/commands/check.ts'
import { anyCommand, NO_EXTRAS } from '../../src/commands/command.ts'
import { slipsBetween } from '../../src/commands/match-office.ts'
import { COMMANDS } from '../../src/commands/registry.ts'
import { MAX_COMMAND_LENGTH, readWords } from '../../src/commands/words.ts'
import { ROLES } from '../../src/core/authority.ts'
import { ANA } from '../support/check-kit.ts'
import { contextOf, say } from './context.ts'

const wordsOf = (text: string) => {
  const read = readWords(text)
  if (read.kind !== 'words') throw new Error(`${text} holds no words`)
  return read.words
}
/** A form with its placeholders filled in. */
const filled = (form: string) =>
  form
    .replace('<name>', 'Seattle')
    .replaceAll('<office>', 'Seattle')
    .replace('<criterion>', 'local-dns')
    .replace('<command>', 'check')
    .replace('<city>', 'Lyon')
    .replace('<ranges>', '203.0.113.0/24')
    .replace('<range>', '203.0.113.0/24')
    .replace('<tags>', 'emea')
    .replace('<value>', '300 km')
    .replace('<when>', 'Friday 18:00')
    .replace('<kinds>', 'silent')
    .replace('<offices>', 'all')
    .replace('<date>', '2027-06-01')
    .replace('<reason>', 'so it is')
const mineOf = (name: string) => COMMANDS.find((command) => command.name === name)

describe('help', () => {
  const examples = COMMANDS.flatMap((command) =>
    command.examples.map(({ say }) => [command.name, say] as const),
  )
  const forms = COMMANDS.flatMap((command) => command.forms.map((form) => [command.name, form] as const))

  it.each(examples)('shows an example of %s that works: %s', (name, text) => {
    const takers = COMMANDS.filter((command) => command.take(wordsOf(text), NO_EXTRAS).kind === 'mine')
    expect(takers.map((command) => command.name)).toEqual([name])
  })

  it.each(forms)('shows a form of %s that is handled: %s', (name, form) => {
    expect(filled(form)).not.toMatch(/[<>]/)
    expect(mineOf(name)?.take(wordsOf(filled(form)), NO_EXTRAS).kind).toBe('mine')
  })

  it.each(examples)('examples of %s are answered and not refused: %s', async (_name, text) => {
    const said = await say(text, contextOf('admin'))
    expect(said.refused && !said.text.includes('was never checked')).toBe(false)
  })

  it('names every command once', () => {
    expect(new Set(COMMANDS.map(({ name }) => name)).size).toBe(COMMANDS.length)
  })

  it.each(ROLES)('shows a %s what a %s may, and no more', async (role) => {
    const context = contextOf(role)
    const { text } = await say('help', context)
    for (const command of COMMANDS) {
      for (const example of command.examples) {
        const shown = text.split('\n').some((line) => line.startsWith(example.say))
        expect(shown, example.say).toBe(context.may(command.verb, null).ok)
      }
    }
    expect(text.toLowerCase()).toContain(`${role} here`)
  })

  it('shows somebody who may check some offices how to', async () => {
    const grants = [{ objectId: ANA.objectId, role: 'operator' as const, tag: 'emea' }]
    const { text } = await say('help', contextOf({ grants, everyone: 'member' }))
    expect(text).toContain('check office')
  })

  it('explains one command, also to somebody who may not use it', async () => {
    const operator = await say('help check')
    expect(operator).toMatchObject({ kind: 'help', refused: false })
    expect(operator.text).toContain('check all')
    expect(operator.text).not.toContain('may not use')
    expect((await say('help check', contextOf('member'))).text).toContain('may not use')
    expect(await say('help us with this')).toMatchObject({ kind: 'refusal', refused: true })
  })
})

describe('somebody who may not', () => {
  const emea = {
    grants: [{ objectId: ANA.objectId, role: 'operator' as const, tag: 'emea' }],
    everyone: 'member' as const,
  }

  it.each([
    ['member', 'check Seattle', 'an operator'],
    ['member', 'check all', 'an operator'],
    ['member', 'check', 'an operator'],
    ['member', 'status', 'a viewer'],
    ['member', 'why Seattle local-dns', 'a viewer'],
    ['member', 'offices', 'a viewer'],
    ['viewer', 'check Seattle', 'an operator'],
    ['viewer', 'check all', 'an operator'],
    ['viewer', 'check Nowhere', 'an operator'],
  ] as const)('as a %s is refused %s, and told that it takes %s', async (role, text, takes) => {
    const said = await say(text, contextOf(role))
    expect(said).toMatchObject({ kind: 'refusal', refused: true })
    expect(said.text).toContain(`takes ${takes}`)
    expect(said.buttons.size).toBe(0)
  })

  it('checks the offices of a tag and no others', async () => {
    expect(await say('check London', contextOf(emea))).toMatchObject({ kind: 'check', offices: ['london'] })
    expect(await say('check all', contextOf(emea))).toMatchObject({
      kind: 'check',
      offices: ['london', 'zurich'],
    })
    expect(await say('check Seattle', contextOf(emea))).toMatchObject({ kind: 'refusal', refused: true })
    expect(await say('status Seattle', contextOf(emea))).toMatchObject({ kind: 'refusal', refused: true })
  })

  it('is not told the names of offices that are none of theirs', async () => {
    for (const text of ['check', 'check Seatle', 'check San', 'status Seatle', 'offices', 'status']) {
      const said = await say(text, contextOf(emea))
      const shown = [said.text, ...said.buttons.keys()].join('\n')
      expect(shown, text).not.toMatch(/Seattle|San José|San Diego/)
    }
  })
})

describe('reading', () => {
  it('takes 200 characters and not one more', () => {
    expect(readWords('x'.repeat(MAX_COMMAND_LENGTH)).kind).toBe('words')
    expect(readWords('x'.repeat(MAX_COMMAND_LENGTH + 1)).kind).toBe('too-long')
  })

  it('keeps what was typed beside what it is compared by', () => {
    expect(wordsOf(' Check  “Zürich”! ')).toEqual({ words: ['Check', 'Zürich'], folded: ['check', 'zurich'] })
  })

  it('leaves words that belong to nobody to nobody', () => {
    expect(anyCommand(check).take(wordsOf('checks Seattle'), NO_EXTRAS)).toEqual({ kind: 'not-mine' })
  })

  it.each([
    ['seattle', 'seattle', 0],
    ['seatle', 'seattle', 1],
    ['saettle', 'seattle', 1],
    ['lodnon', 'london', 1],
    ['tokio', 'tokyo', 1],
    ['paris', 'tokyo', 5],
    ['a', 'abcd', 3],
  ])('counts the slips from %s to %s as %d', (a, b, slips) => {
    expect(slipsBetween(a, b)).toBe(slips)
    expect(slipsBetween(b, a)).toBe(slips)
  })
})
