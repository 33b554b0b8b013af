import { expect } from 'vitest'
import { EVERY_DAY } from '../../src/core/digest.ts'
import { heardFrom } from '../../src/core/known-conversation.ts'
import type { TableStore } from '../../src/core/table-store.ts'
import { actionStore } from '../../src/store/actions.ts'
import { auditReader } from '../../src/store/audit.ts'
import { checkStore } from '../../src/store/checks.ts'
import { conversationStore } from '../../src/store/conversations.ts'
import { dashboardStore } from '../../src/store/dashboards.ts'
import { deadConversationStore } from '../../src/store/dead-conversations.ts'
import { digestStore } from '../../src/store/digests.ts'
import { grantStore } from '../../src/store/grants.ts'
import { historyStore } from '../../src/store/history.ts'
import { installationStore } from '../../src/store/installation.ts'
import { latestStore } from '../../src/store/latest.ts'
import { leaseStore } from '../../src/store/leases.ts'
import { listChangeStore } from '../../src/store/list-changes.ts'
import { officeStore } from '../../src/store/offices.ts'
import { runnerStore } from '../../src/store/runners.ts'
import { seededStore } from '../../src/store/seeded.ts'
import { selfCheckStore } from '../../src/store/self-checks.ts'
import {
  ANA,
  aCheck,
  aConversation,
  anOffice,
  aRunner,
  BO,
  measurementOf,
  NOON,
  owedBy,
} from '../support/check-kit.ts'
import { noEvidence, pastLatest } from '../support/past.ts'
import { aSelfCheck } from '../support/self-check.ts'

/** Lets a walk use a store, and notes which of its functions it used. */
export type Ours = <S extends object>(store: S) => S

/** Uses every function of a store once or more, on tables that no other walk touches. */
export type Walk = (table: TableStore, ours: Ours) => Promise<void>

const DAY_MS = 24 * 3600_000
const damaged = (id: string): never => {
  throw new Error(`the row ${id} cannot be read`)
}
const channel = aConversation('19:ops;messageid=1', { kind: 'channel' })

/** Every store above the table port, with a walk through all of its functions. */
export const WALKS: Readonly<Record<string, Walk>> = {
  async actions(table, ours) {
    const actions = ours(actionStore(table))
    const action = {
      verb: 'check',
      command: 'check Zürich',
      conversationId: 'a:ana',
      uses: 'once',
      until: NOON,
      onlyFor: ANA.objectId,
      kept: 'a table\n'.repeat(20_000),
    } as const
    await actions.put('a1', action)
    expect(await actions.get('a1')).toEqual(action)
    expect(await actions.get('none')).toBeNull()
    expect([await actions.spend('a1'), await actions.spend('a1')]).toEqual([true, false])
    const line = {
      at: NOON,
      objectId: ANA.objectId,
      name: 'Ana “A” Díaz',
      verb: 'check',
      command: 'check Zürich',
      conversationId: '19:ops@thread.tacv2;messageid=1',
      where: 'channel',
      click: true,
      offices: ['seattle'],
      outcome: 'done',
    } as const
    for (const [at, tail] of ['aaaa', 'bbbb', 'cccc'].entries())
      await actions.audit({ ...line, at: NOON - at * DAY_MS }, tail)
    const audit = ours(auditReader(table))
    const query = { since: NOON - 30 * DAY_MS, until: NOON, after: null, limit: 2, matches: () => true }
    const page = await audit.read(query)
    expect(page).toMatchObject({ more: true, lines: [{ ...line, reference: 'aaaa' }, { reference: 'bbbb' }] })
    const rest = await audit.read({ ...query, after: page.lines[1]?.mark ?? null })
    expect(rest.lines.map(({ reference }) => reference)).toEqual(['cccc'])
  },

  async checks(table, ours) {
    const checks = ours(checkStore(table, damaged))
    expect(await checks.claimActivity('19:x', '1', 'c1')).toBe('c1')
    expect(await checks.claimActivity('19:x', '1', 'c2')).toBe('c1')
    const before = aCheck({ id: 'c1', officeIds: ['seattle', 'london'] })
    await checks.create(before)
    const owed = owedBy('m1')
    const after = { ...before, owed: [owed], measurements: { m1: measurementOf(owed) }, version: 2 }
    await checks.save(before, after)
    await checks.keepLate(measurementOf(owedBy('m2'), 'c1'))
    expect(await checks.load('c1')).toEqual(after)
    expect((await checks.unfinished()).map(({ id }) => id)).toEqual(['c1'])
    await checks.forget(after)
    expect(await checks.unfinished()).toEqual([])
    const asked = { id: 'c1', officeIds: ['seattle'], at: NOON }
    await checks.addAsked('19:ops;messageid=1', asked)
    expect(await checks.lastAsked('19:ops;messageid=2', NOON)).toEqual(asked)
  },

  async conversations(table, ours) {
    const conversations = ours(conversationStore(table, damaged))
    const heard = heardFrom(null, channel, NOON, ANA.objectId)
    await conversations.change(heard.ref.tenantId, heard.id, () => heard)
    await conversations.change(heard.ref.tenantId, heard.id, (was) => ({
      ...(was ?? heard),
      name: 'Ops 東京',
    }))
    expect(await conversations.get(heard.ref.tenantId, heard.id)).toEqual({ ...heard, name: 'Ops 東京' })
    expect(await conversations.all()).toHaveLength(1)
  },

  async dashboards(table, ours) {
    const dashboards = ours(dashboardStore(table))
    const dashboard = {
      conversation: channel,
      activityId: '1700',
      pinnedBy: ANA.objectId,
      timeZone: 'Europe/London',
      buttons: [{ title: 'All', actionId: 'a1' }],
      offeredAt: NOON,
    }
    await dashboards.put(dashboard)
    expect(await dashboards.get(aConversation('19:ops', { kind: 'channel' }))).toEqual(dashboard)
    await dashboards.remove({ ...dashboard, activityId: 'another' })
    expect(await dashboards.all()).toEqual([dashboard])
    await dashboards.remove(dashboard)
    expect(await dashboards.all()).toEqual([])
  },

  async 'dead conversations'(table, ours) {
    const dead = ours(deadConversationStore(table, damaged))
    expect([await dead.mark('19:ops', NOON), await dead.mark('19:ops', NOON)]).toEqual([true, false])
    expect(await dead.isDead('19:ops;messageid=9')).toBe(true)
    expect(await dead.deadSince('19:ops;messageid=9')).toBe(NOON)
    await dead.revive('19:ops;messageid=9')
    expect(await dead.isDead('19:ops')).toBe(false)
    expect(await dead.deadSince('19:ops')).toBeNull()
    await dead.putAdminChat({ objectId: ANA.objectId, ref: aConversation(), at: NOON })
    await dead.putAdminChat({ objectId: BO.objectId, ref: aConversation('a:bo'), at: NOON + 1 })
    expect((await dead.adminChats()).map(({ objectId }) => objectId)).toEqual([BO.objectId, ANA.objectId])
  },

  async digests(table, ours) {
    const digests = ours(digestStore(table, damaged))
    const schedule = {
      id: 'd1',
      plan: { selector: '#emea', days: EVERY_DAY, time: '08:00', timeZone: 'Europe/London', mode: 'changes' },
      conversation: channel,
      madeBy: ANA,
      madeAt: NOON,
    } as const
    await digests.put(schedule, NOON)
    await digests.moveOn({ schedule, nextAt: NOON }, NOON + DAY_MS)
    expect(await digests.all()).toEqual([{ schedule, nextAt: NOON + DAY_MS }])
    expect(await digests.lastAt()).toBeNull()
    const memory = { at: NOON, offices: { london: { readiness: 'ready', failing: [] } } } as const
    await digests.putMemory('d1', memory)
    expect(await digests.memory('d1')).toEqual(memory)
    expect(await digests.lastAt()).toBe(NOON)
    const claim = { scheduleId: 'd1', slot: NOON, part: 'post', holder: 'one' } as const
    const other = { ...claim, holder: 'two' }
    expect(await digests.claim(claim, NOON, NOON + 10)).toEqual({ kind: 'mine', sentBefore: false })
    expect(await digests.claim(other, NOON + 1, NOON + 11)).toEqual({ kind: 'taken' })
    expect(await digests.sending(claim)).toBe(true)
    expect(await digests.claim(other, NOON + 20, NOON + 30)).toEqual({ kind: 'mine', sentBefore: true })
    expect(await digests.sending(claim)).toBe(false)
    await digests.giveBack(other, NOON + 21)
    expect((await digests.claim(claim, NOON + 22, NOON + 40)).kind).toBe('mine')
    await digests.done(claim, NOON - DAY_MS)
    expect(await digests.claim(other, NOON + 90, NOON + 99)).toEqual({ kind: 'done' })
    expect([await digests.remove('d1'), await digests.remove('d1')]).toEqual([true, false])
  },

  async grants(table, ours) {
    const grants = ours(grantStore(table, damaged))
    const by = { objectId: ANA.objectId, name: ANA.name }
    const grant = {
      objectId: BO.objectId,
      role: 'operator',
      tag: 'köln/#1',
      name: 'Bo',
      by,
      at: NOON,
    } as const
    const everywhere = { ...grant, tag: null }
    for (const one of [grant, everywhere])
      expect(await grants.change(() => ({ kind: 'put', grant: one }))).toEqual({ kind: 'done' })
    expect(await grants.change(() => ({ kind: 'remove', grants: [everywhere] }))).toEqual({ kind: 'done' })
    expect(await grants.change(() => ({ kind: 'refuse', why: 'no' }))).toEqual({ kind: 'refused', why: 'no' })
    expect(await grants.all()).toEqual([grant])
    await grants.putName({ objectId: BO.objectId, name: 'Bo Li' })
    expect(await grants.names()).toEqual([{ objectId: BO.objectId, name: 'Bo Li' }])
  },

  async 'verdicts and history'(table, ours) {
    const latest = ours(latestStore(table, damaged))
    const last = pastLatest({ at: NOON, checkId: 'check-one', letters: 'ppfpppppp' })
    await latest.put(last)
    await latest.put(pastLatest({ at: NOON - 5, checkId: 'check-old' }))
    expect(await latest.get('seattle')).toEqual(last)
    expect(await latest.all()).toEqual([last])
    const measurements = [measurementOf(owedBy('m1'), 'check-one')]
    await latest.addHistory({
      latest: last,
      startedAt: NOON - 4_000,
      measurements,
      evidence: noEvidence(last),
    })
    const history = ours(historyStore(table, damaged))
    const found = await history.between('seattle', NOON - 40 * DAY_MS, NOON)
    expect(found.map(({ checkId, readiness }) => [checkId, readiness])).toEqual([['check-one', 'not-ready']])
    expect((await history.lastIn('seattle', NOON - DAY_MS, NOON))?.rulings).toEqual(last.rulings)
    expect(await history.measurementsOf('seattle', 'check-one', NOON)).toEqual(measurements)
    expect((await history.evidenceOf('seattle', 'check-one', NOON))?.evidence).toEqual(noEvidence(last))
  },

  async installation(table, ours) {
    const installation = ours(installationStore(table))
    expect(await installation.clientId(() => 'first')).toBe('first')
    expect(await installation.clientId(() => 'second')).toBe('first')
    expect(await installation.loadEndpointList()).toBeUndefined()
    const list = { sets: Array.from({ length: 5_000 }, (_, at) => ({ host: `${at}.example`, at })) }
    await installation.saveEndpointList(list)
    expect(await installation.loadEndpointList()).toEqual(list)
    const changes = ours(listChangeStore(table))
    const change = { version: '2026110200', before: '2026102900', at: NOON, sets: [] }
    expect([await changes.add(change), await changes.add(change)]).toEqual([true, false])
    expect(await changes.all()).toEqual([change])
    const leases = ours(leaseStore(table))
    expect(await leases.hold('work', 'one', NOON, NOON + 10)).toBe(true)
    expect(await leases.hold('work', 'two', NOON + 5, NOON + 15)).toBe(false)
    await leases.release('work', 'one')
    expect(await leases.hold('work', 'two', NOON + 6, NOON + 16)).toBe(true)
  },

  async offices(table, ours) {
    const offices = ours(officeStore(table, damaged))
    await offices.put(anOffice('seattle', { name: 'Old' }))
    const added = await offices.add(anOffice('zurich', { name: 'Zürich' }))
    expect(await offices.add(anOffice('zurich'))).toBe('taken')
    if (added === 'taken') return
    const changed = await offices.change(anOffice('zurich', { tags: ['emea'] }), added.etag)
    expect(await offices.change(anOffice('zurich'), added.etag)).toBe('stale')
    expect(await offices.row('zurich')).toEqual(changed)
    expect(await offices.retire('zurich', added.etag, NOON)).toBe(false)
    const done = await offices.apply('walk', [
      { what: 'change', office: anOffice('seattle'), etag: (await offices.row('seattle'))?.etag ?? '' },
      { what: 'retire', id: 'zurich', etag: changed === 'stale' ? '' : changed.etag, at: NOON },
      { what: 'add', office: anOffice('zurich'), ids: ['zurich', 'zurich-2'], isSame: () => false },
    ])
    expect(done).toBe('done')
    expect(await offices.all()).toEqual([anOffice('seattle'), anOffice('zurich', { id: 'zurich-2' })])
    const seeded = ours(seededStore(table))
    const demo = anOffice('seattle', { world: 'a world/of #1' })
    expect(await seeded.of(demo)).toBeNull()
    await seeded.put(demo)
    expect(await seeded.of(demo)).toEqual(demo)
    expect(await seeded.hash('a world/of #1')).toBeNull()
    await seeded.putHash('a world/of #1', 'abc')
    expect(await seeded.hash('a world/of #1')).toBe('abc')
  },

  async runners(table, ours) {
    const runners = ours(runnerStore(table, damaged))
    const runner = aRunner('seattle')
    await runners.put(runner)
    expect(await runners.all()).toEqual([runner])
    expect(await runners.byKid(runner.kid)).toEqual(runner)
    const code = { officeId: 'seattle', createdBy: 'ana', expiresAt: NOON, usedBy: null, runnerId: null }
    await runners.putCode('hash', code)
    const read = await runners.code('hash')
    expect(read).toMatchObject(code)
    const spend = () => runners.spendCode('hash', read?.etag ?? '', 'kid', 'r1')
    expect([await spend(), await spend()]).toEqual([true, false])
  },

  async 'self-checks'(table, ours) {
    const checks = ours(selfCheckStore(table, damaged))
    const [one, two] = [aSelfCheck('s1'), aSelfCheck('s2', { askedAt: NOON + 1, person: BO })]
    for (const check of [one, two]) await checks.add(check)
    expect(await checks.spend(one.codeHash, NOON + 1)).toMatchObject({ id: 's1' })
    expect(await checks.spend(one.codeHash, NOON + 1)).toBeNull()
    await checks.addKey('key-1', one, NOON + 100)
    expect(await checks.byKey('key-1', NOON + 1)).toMatchObject({ id: 's1' })
    expect(await checks.change(one, (was) => ({ ...was, cardId: 'card' }))).toMatchObject({ cardId: 'card' })
    expect(await checks.of(ANA.objectId)).toHaveLength(1)
    expect(await checks.all()).toHaveLength(2)
    expect(await checks.forget(ANA.objectId)).toHaveLength(1)
    await checks.sweep(NOON + 2, NOON + 2)
    expect(await checks.all()).toEqual([])
  },
}
