import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { cardLines } from '../../../src/cards/card-text.ts'
import type { RenderedCard } from '../../../src/cards/render-card.ts'
import type { TableStore } from '../../../src/core/table-store.ts'
import type { Told } from '../../../src/hub/check/speaker.ts'
import { SelfChecks } from '../../../src/hub/self-check/self-checks.ts'
import { openEmbeddedStore } from '../../../src/store/embedded.ts'
import { selfCheckKey } from '../../../src/store/keys.ts'
import { selfCheckStore } from '../../../src/store/self-checks.ts'
import { selfSecretHash } from '../../../src/wire/self-check.ts'
import { random } from '../../store/contract.ts'
import { ANA, aConversation, BO } from '../../support/check-kit.ts'
import { scratch } from '../../support/scratch.ts'
import { aSelfResult } from '../../support/self-check.ts'
import { keptLog, settle } from '../../support/settle.ts'
import { testClock } from '../../support/test-clock.ts'

const folders = scratch('doorstep-self-checks-')
const MINUTE = 60_000
let store: TableStore
let clock: ReturnType<typeof testClock>

beforeEach(async () => {
  store = await openEmbeddedStore(await folders.make(), { random })
  clock = testClock()
  return () => store.close()
})
afterAll(() => folders.remove())

/** One run of a hub, with what it drew on cards. */
function open(answer: () => Told = () => ({ kind: 'sent', activityId: 'm1' })) {
  const edits: { readonly id: string; readonly title: string }[] = []
  const title = ({ card }: RenderedCard) => cardLines(card)[0] ?? ''
  const rows = selfCheckStore(store)
  const selfChecks = new SelfChecks({
    store: rows,
    speaker: {
      edit: async (_conversation, id, card) => {
        const told = answer()
        if (told.kind === 'sent') edits.push({ id, title: title(card) })
        return told
      },
      post: async (_conversation, _replyTo, card) => {
        edits.push({ id: 'posted', title: title(card) })
        return { kind: 'sent', activityId: 'm2' }
      },
    },
    offer: async (_conversation, name) => ({ title: name, actionId: name }),
    hours: 24,
    officeName: async () => null,
    origin: 'https://hub.example',
    clock,
    random: { ...random, unit: () => 0.5 },
    log: keptLog(),
  })
  return { selfChecks, rows, edits }
}
const invite = (selfChecks: SelfChecks, person = ANA) =>
  selfChecks.invite(person, aConversation(), 'Europe/London', null)

describe('self-checks', () => {
  it('go from the invitation to the result on one card', async () => {
    const { selfChecks, edits } = open()
    const { code, id, url } = await invite(selfChecks)
    expect(url).toBe(`https://hub.example/me#${code}`)
    await selfChecks.posted(ANA.objectId, id, 'm1')
    const begun = await selfChecks.begin(` ${code.toLowerCase()} `, '203.0.113.7')
    await settle()
    if (!begun) throw new Error('not begun')
    expect(await selfChecks.seenAt(selfSecretHash(begun.key), '2001:db8::7')).toBe(true)
    expect((await selfChecks.byKey(begun.key))?.seen).toEqual(['203.0.113.7', '2001:db8::7'])
    expect(await selfChecks.finish(begun.check, aSelfResult())).toEqual(aSelfResult())
    await settle()
    expect(edits).toEqual([
      { id: 'm1', title: 'Your connection is being checked' },
      { id: 'm1', title: 'Your connection is well' },
    ])
  })

  it('show on a card that stands only after the result was there', async () => {
    const { selfChecks, edits } = open()
    const { code, id } = await invite(selfChecks)
    const begun = await selfChecks.begin(code, '203.0.113.7')
    if (begun) await selfChecks.finish(begun.check, aSelfResult())
    await settle()
    expect(edits).toEqual([])
    await selfChecks.posted(ANA.objectId, id, 'm1')
    await settle()
    expect(edits).toEqual([{ id: 'm1', title: 'Your connection is well' }])
  })

  it('run out after ten minutes, and after five once they were begun', async () => {
    const { selfChecks, edits } = open()
    const unused = await invite(selfChecks)
    await selfChecks.posted(ANA.objectId, unused.id, 'm1')
    const begunOnly = await invite(selfChecks)
    await selfChecks.posted(ANA.objectId, begunOnly.id, 'm2')
    const begun = await selfChecks.begin(begunOnly.code, '203.0.113.7')
    clock.advance(5 * MINUTE - 1)
    await selfChecks.sweep()
    expect(await selfChecks.byKey(begun?.key ?? '')).not.toBeNull()
    clock.advance(1)
    expect(await selfChecks.byKey(begun?.key ?? '')).toBeNull()
    clock.advance(5 * MINUTE)
    expect(await selfChecks.begin(unused.code, '203.0.113.7')).toBeNull()
    await selfChecks.sweep()
    await settle()
    const last = new Map(edits.map(({ id, title }) => [id, title]))
    expect(last).toEqual(
      new Map([
        ['m1', 'This link is too old'],
        ['m2', 'No result came'],
      ]),
    )
  })

  it('that a crash left untold are told by whichever hub sweeps next', async () => {
    const first = open(() => ({ kind: 'later', afterMs: 1_000 }))
    const { code, id } = await invite(first.selfChecks)
    await first.selfChecks.posted(ANA.objectId, id, 'm1')
    const begun = await first.selfChecks.begin(code, '203.0.113.7')
    if (begun) await first.selfChecks.finish(begun.check, aSelfResult())
    await settle()
    expect(first.edits).toEqual([])
    const second = open()
    await second.selfChecks.sweep()
    await settle()
    expect(second.edits).toEqual([{ id: 'm1', title: 'Your connection is well' }])
    await second.selfChecks.sweep()
    await settle()
    expect(second.edits).toHaveLength(1)
  })

  it('whose card is lost are posted anew, once', async () => {
    const { selfChecks, edits } = open(() => ({ kind: 'refused', gone: false, lost: true }))
    const { code, id } = await invite(selfChecks)
    await selfChecks.posted(ANA.objectId, id, 'm1')
    const begun = await selfChecks.begin(code, '203.0.113.7')
    if (begun) await selfChecks.finish(begun.check, aSelfResult())
    await settle()
    await selfChecks.sweep()
    await settle()
    expect(edits).toEqual([{ id: 'posted', title: 'Your connection is well' }])
  })

  it('are forgotten whole: rows, codes, keys and what the cards show, and nobody else’s', async () => {
    const { selfChecks, rows, edits } = open()
    const mine = await invite(selfChecks)
    const open1 = await invite(selfChecks)
    const others = await invite(selfChecks, BO)
    await selfChecks.posted(ANA.objectId, mine.id, 'm1')
    const begun = await selfChecks.begin(mine.code, '203.0.113.7')
    if (begun) await selfChecks.finish(begun.check, aSelfResult())
    await settle()
    expect(await selfChecks.forget(ANA.objectId)).toBe(2)
    await settle()
    expect(await rows.of(ANA.objectId)).toEqual([])
    expect(await selfChecks.byKey(begun?.key ?? '')).toBeNull()
    expect(await selfChecks.begin(open1.code, '203.0.113.7')).toBeNull()
    expect(edits.at(-1)).toEqual({ id: 'm1', title: 'This self-check is forgotten' })
    expect(await rows.of(BO.objectId)).toHaveLength(1)
    expect(await selfChecks.begin(others.code, '203.0.113.7')).not.toBeNull()
    expect(await selfChecks.forget(ANA.objectId)).toBe(0)
  })

  it('are gone after a day, also a row that nobody can read', async () => {
    const { selfChecks, rows } = open()
    await invite(selfChecks)
    const damaged = selfCheckKey(BO.objectId, clock.now(), 'x')
    await store.insert(damaged, { d: new Uint8Array([9]) })
    clock.advance(24 * 3_600_000)
    await selfChecks.sweep()
    expect(await rows.all()).toHaveLength(1)
    clock.advance(1)
    await selfChecks.sweep()
    expect(await rows.all()).toEqual([])
    expect(await store.get(damaged)).toBeUndefined()
    for (const kind of ['code', 'key']) {
      expect((await store.query({ table: 'selfsecrets', pk: kind })).rows).toEqual([])
    }
  })

  it('of one code go to one of two hubs', async () => {
    const [one, other] = [open(), open()]
    const { code } = await invite(one.selfChecks)
    const begun = await Promise.all([
      one.selfChecks.begin(code, '203.0.113.7'),
      other.selfChecks.begin(code, '203.0.113.8'),
    ])
    expect(begun.filter((each) => each !== null)).toHaveLength(1)
  })

  it('keep no code and no key in the store', async () => {
    const { selfChecks } = open()
    const { code } = await invite(selfChecks)
    const begun = await selfChecks.begin(code, '203.0.113.7')
    const rows = await Promise.all(['code', 'key'].map((pk) => store.query({ table: 'selfsecrets', pk })))
    const text = JSON.stringify([rows, await selfCheckStore(store).all()])
    expect(text).not.toContain(code)
    expect(text).not.toContain(begun?.key)
  })
})
