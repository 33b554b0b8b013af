import { describe, expect, it } from 'vitest'
import { answerText } from '../../src/commands/answer.ts'
import { anOffice } from '../support/check-kit.ts'
import { aSelfEvidence, aSelfResult, memorySelfChecks } from '../support/self-check.ts'
import { contextOf, say } from './context.ts'

const inPlace = (conversationKind: 'personal' | 'group' | 'channel', results = [aSelfResult()]) => ({
  ...contextOf('member'),
  conversationKind,
  selfChecks: memorySelfChecks(results),
})

describe('me', () => {
  it('gives a member a link and a code in a personal chat, and hears which message that is', async () => {
    const context = inPlace('personal')
    const { answer } = await answerText('me', context)
    if (answer.kind !== 'card') throw new Error('no card')
    const text = JSON.stringify(answer.card.card)
    expect(text).toContain('https://hub.example/me#dsm_')
    expect(text).toContain('node runner.mjs self-check --hub https://hub.example')
    // The summary goes to notifications, which others may see.
    expect(answer.card.summary).not.toMatch(/dsm_|https/)
    await answer.posted?.('message-1')
    expect(context.selfChecks.cards).toEqual(new Map([['s1', 'message-1']]))
  })

  it.each(['group', 'channel'] as const)('says in a %s where, and makes no code', async (kind) => {
    const context = inPlace(kind)
    for (const text of ['me', 'me Seattle', 'me history']) {
      const said = await say(text, context)
      expect(said).toMatchObject({ kind: 'refusal', refused: true })
      expect(said.text).toMatch(/personal chat only[\s\S]*Open a chat with Doorstep/)
      expect(said.text).not.toContain('dsm_')
    }
    const { code } = await context.selfChecks.invite(null)
    expect(code).toMatch(/0{31}1$/)
  })

  it.each([
    ['me Seattle', /compared with .*Seattle/],
    ['ME office san josé', /compared with .*San José/],
    ['me', /the office nearest to you/],
  ])('%s names the office of comparison', async (text, shows) => {
    expect((await say(text, inPlace('personal'))).text).toMatch(shows)
  })

  it.each([
    [[], /No office is registered, so the page compares with none\./],
    [
      [anOffice('seattle', { world: 'demo' })],
      /worlds of their own, so the page compares with none.*The command can/,
    ],
    [
      [anOffice('seattle', { world: 'demo' }), anOffice('here', { name: 'here', onlyWhenNamed: true })],
      /compares with none.*Say “me .*here.*” to compare with/,
    ],
  ])('says why it would be compared with no office', async (offices, shows) => {
    const context = { ...inPlace('personal'), offices: async () => offices }
    expect((await say('me', context)).text).toMatch(shows)
  })

  it('suggests at a typo, and guesses at nothing', async () => {
    const context = inPlace('personal')
    const said = await say('me Seatle', context)
    expect(said).toMatchObject({ kind: 'refusal', refused: true })
    expect(said.buttons.get('Compare with Seattle')).toBe('me office Seattle')
    expect((await say('me San', context)).text).toMatch(/Did you mean one of these/)
    expect((await say('me <script>', context)).text).toMatch(/No one office is called/)
  })

  it('lists one’s own results, with a button that forgets them once', async () => {
    const vpn = aSelfResult(
      aSelfEvidence({ egress: [{ ...aSelfEvidence().egress[0], otherOffices: ['Dallas'] } as never] }),
    )
    const context = inPlace('personal', [aSelfResult(), vpn])
    const said = await say('me history', context)
    expect(said.text).toMatch(/Your connection is well, in a browser/)
    expect(said.text).toMatch(/Your connection is not well, in a browser[\s\S]*a VPN on this computer/)
    expect(said.buttons.get('Forget them')).toBe('forget my checks')
    expect((await say('forget my checks', context)).text).toMatch(/2.self-checks removed/)
    expect((await say('forget my checks', context)).text).toMatch(/nothing to forget/)
    expect((await say('me history', context)).text).toMatch(/You have no self-checks/)
  })

  it('forgets nothing else', async () => {
    expect(await say('forget Seattle', inPlace('personal'))).toMatchObject({ kind: 'refusal', refused: true })
  })

  it('is found by help, for everybody', async () => {
    const help = (await say('help', inPlace('personal'))).text
    expect(help).toMatch(/^me\na link that checks your own connection/m)
    expect(help).toContain('forget my checks')
    expect(help).not.toContain('me counts')
    expect((await say('help', contextOf('admin'))).text).toContain('me counts')
  })

  it('tells admins counts, and nobody who', async () => {
    expect((await say('me counts', contextOf('operator'))).refused).toBe(true)
    const said = await say('me counts', contextOf('admin'))
    expect(said.text).toMatch(/Seattle 6.people: 4 well, 1 not well, 1 not known/)
    expect(said.text).toMatch(/fewer than 5 people are not told of/)
  })
})
