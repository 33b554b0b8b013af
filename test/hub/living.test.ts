import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cardKind, cardLines } from '../../src/cards/card-text.ts'
import { freePort } from '../../src/local/ports.ts'
import { seed, startTestHub } from '../support/hub-kit.ts'
import { deliver, REPLAY_CHANNEL, replayed } from '../support/replay.ts'
import { scratch } from '../support/scratch.ts'
import { until } from '../support/settle.ts'
import { type Sent, startConnector, type TestConnector } from '../support/test-connector.ts'

/** The dashboard is asked for in this thread of the channel. */
const THREAD = `${REPLAY_CHANNEL};messageid=1763640000001`
const folders = scratch('doorstep-living-')
let folder = ''
let port = 0
let hub: Awaited<ReturnType<typeof startTestHub>>
let connector: TestConnector
let count = 0

beforeAll(async () => {
  connector = await startConnector()
})
beforeEach(async () => {
  folder = await folders.make()
  port = await freePort()
  await seed(folder, ['seattle', 'london'])
  hub = await startTestHub(folder, port)
  return () => hub.close()
})
afterAll(async () => {
  await connector?.close()
  await folders.remove()
})

const play = async (name: string, over: object = {}) => {
  const { status } = await deliver(hub.url, {
    ...replayed(name, { service: connector.serviceUrl }),
    id: `f:${++count}`,
    ...over,
  })
  expect(status).toBe(200)
}
const sayInChannel = (text: string) => play('channel-mention', { text: `<at>Doorstep</at>&nbsp;${text}\n` })

/** What was sent to a conversation since a moment, as a count of everything sent. */
const since = (mark: number, conversationId: string) =>
  connector.sent.slice(mark).filter((sent) => sent.conversationId === conversationId)
const isDashboard = ({ card }: Sent) => cardKind(card) === 'dashboard'
const textOf = ({ card }: Sent) => cardLines(card).join('\n')

/** Checks an office that has no runner in a chat elsewhere: it closes at once. */
async function checkElsewhere(office: string): Promise<void> {
  await connector.ask(hub.url, `check office ${office}`)
}

async function pinned(): Promise<Sent> {
  const mark = connector.sent.length
  await sayInChannel('dashboard')
  await until(() => since(mark, THREAD).some((sent) => sent.kind === 'post' && isDashboard(sent)))
  const [posted] = since(mark, THREAD).filter((sent) => sent.kind === 'post')
  if (!posted) throw new Error('no dashboard')
  return posted
}

/** The next edit of a card from a moment on. */
async function editOf(card: Sent, mark: number, shows: RegExp): Promise<Sent> {
  const edits = () =>
    since(mark, THREAD).filter(
      (sent) => sent.kind === 'edit' && sent.activityId === card.activityId && shows.test(textOf(sent)),
    )
  await until(() => edits().length > 0)
  return edits()[0] as Sent
}

describe('a bot that comes to a team', () => {
  const welcomes = (mark: number) =>
    connector.sent.slice(mark).filter(({ card }) => cardKind(card) === 'welcome')

  it('introduces itself once, in the channel that was chosen, and not for later members or a reinstall', async () => {
    const mark = connector.sent.length
    await play('installed-in-team')
    await play('bot-added')
    await until(() => welcomes(mark).length > 0)
    await play('member-added')
    await play('removed-from-team')
    await play('installed-in-team')
    await sayInChannel('help')
    await until(() => since(mark, THREAD).length > 0)
    expect(welcomes(mark).map(({ conversationId }) => conversationId)).toEqual([REPLAY_CHANNEL])
    const text = textOf(welcomes(mark)[0] as Sent)
    expect(text).toContain('check office London')
    expect(text).toContain('mentions me')
  })

  it('does not introduce itself again after a restart', async () => {
    const mark = connector.sent.length
    await play('installed-in-team')
    await until(() => welcomes(mark).length > 0)
    await hub.close()
    hub = await startTestHub(folder, port)
    await play('bot-added')
    await sayInChannel('help')
    await until(() => since(mark, THREAD).length > 0)
    expect(welcomes(mark)).toHaveLength(1)
  })
})

describe('a living dashboard', () => {
  it('is edited in place after a check elsewhere, also after a restart of the hub', async () => {
    const card = await pinned()
    expect(textOf(card)).toContain('never checked')
    let mark = connector.sent.length
    await checkElsewhere('Seattle')
    const edit = await editOf(card, mark, /Seattle unproven/)
    expect(textOf(edit)).toMatch(/London never checked/)
    await hub.close()
    hub = await startTestHub(folder, port)
    mark = connector.sent.length
    await checkElsewhere('London')
    await editOf(card, mark, /London unproven/)
    expect(
      connector
        .to(THREAD)
        .filter(({ kind }) => kind === 'post')
        .at(-1)?.activityId,
    ).toBe(card.activityId)
  })

  it('is one per channel: asked for again, the old card says that it has moved and stays so', async () => {
    const old = await pinned()
    let mark = connector.sent.length
    const fresh = await pinned()
    const moved = await editOf(old, mark, /has moved/)
    expect(fresh.activityId).not.toBe(old.activityId)
    mark = connector.sent.length
    await checkElsewhere('London')
    await editOf(fresh, mark, /London unproven/)
    expect(moved.activityId).toBe(old.activityId)
    expect(since(mark, THREAD).filter(({ activityId }) => activityId === old.activityId)).toEqual([])
  })

  it('ends in place when somebody says dashboard stop', async () => {
    const card = await pinned()
    let mark = connector.sent.length
    await sayInChannel('dashboard stop')
    await editOf(card, mark, /has ended/)
    await until(() => since(mark, THREAD).some((sent) => sent.kind === 'post'))
    expect(
      since(mark, THREAD)
        .filter(({ kind }) => kind === 'post')
        .map(textOf),
    ).toEqual([expect.stringContaining('The dashboard here has ended')])
    mark = connector.sent.length
    await sayInChannel('dashboard stop')
    await until(() => since(mark, THREAD).some((sent) => sent.kind === 'post'))
    expect(since(mark, THREAD).map(textOf)).toEqual([expect.stringContaining('There is no dashboard here')])
  })

  it('rests while the bot is removed, or the team deleted, and catches up when it is back', async () => {
    await play('installed-in-team')
    const card = await pinned()
    for (const [leave, comeBack, office] of [
      ['removed-from-team', 'installed-in-team', 'Seattle'],
      ['team-deleted', 'team-restored', 'London'],
    ] as const) {
      await play(leave)
      let mark = connector.sent.length
      await checkElsewhere(office)
      // A dashboard of another chat is edited in the same round: when it was, this one was passed over.
      const { conversationId } = await connector.say(hub.url, { text: 'dashboard' })
      await connector.first(conversationId, isDashboard)
      await checkElsewhere(office)
      await connector.first(conversationId, ({ kind }) => kind === 'edit')
      expect(since(mark, THREAD)).toEqual([])
      mark = connector.sent.length
      await play(comeBack)
      await editOf(card, mark, new RegExp(`${office} unproven`))
    }
  })

  it('is forgotten when its message was deleted, and edited no more', async () => {
    const card = await pinned()
    connector.refuseEdits(card.activityId, 404)
    await checkElsewhere('Seattle')
    await until(() => hub.log.lines.some(({ message }) => message.includes('takes no edits')))
    const mark = connector.sent.length
    const again = await pinned()
    expect(again.activityId).not.toBe(card.activityId)
    expect(since(mark, THREAD).filter(({ activityId }) => activityId === card.activityId)).toEqual([])
  })
})
