import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { AuditEntry, AuditLine } from '../../src/core/audited.ts'
import type { TableStore } from '../../src/core/table-store.ts'
import { actionStore } from '../../src/store/actions.ts'
import { auditReader } from '../../src/store/audit.ts'
import { openEmbeddedStore } from '../../src/store/embedded.ts'
import { auditKey } from '../../src/store/keys.ts'
import { ANA, NOON } from '../support/check-kit.ts'
import { scratch } from '../support/scratch.ts'
import { random } from './contract.ts'

const DAY_MS = 24 * 3600_000
const folders = scratch('doorstep-audit-')
let store: TableStore

beforeEach(async () => {
  store = await openEmbeddedStore(await folders.make(), { random })
  return () => store.close()
})
afterAll(() => folders.remove())

const aLine = (over: Partial<AuditLine> = {}): AuditLine => ({
  at: NOON,
  objectId: ANA.objectId,
  name: ANA.name,
  verb: 'check',
  command: 'check Seattle',
  conversationId: 'a:ana',
  where: 'channel',
  click: true,
  offices: ['seattle', 'london'],
  outcome: 'done',
  ...over,
})
const all = { since: 0, until: NOON, after: null, limit: 100, matches: () => true }
const lastYear = { ...all, since: NOON - 300 * DAY_MS }

describe('the audit', () => {
  it('gives back what was written, with the reference that the person was told', async () => {
    await actionStore(store).audit(aLine(), 'abcd1234')
    const { lines, more } = await auditReader(store).read(lastYear)
    expect(more).toBe(false)
    expect(lines).toMatchObject([{ ...aLine(), reference: 'abcd1234' }])
  })

  it('reads lines of before names and places were kept', async () => {
    const { name: _name, where: _where, click: _click, offices: _offices, ...old } = aLine()
    await store.insert(auditKey(NOON, 'old'), old)
    await store.insert(auditKey(NOON - 1, 'bad'), { at: 'then' })
    const { lines } = await auditReader(store).read(lastYear)
    expect(lines).toMatchObject([{ command: 'check Seattle', name: '', where: 'group', offices: [] }])
  })

  it('is paged newest first over days and months without a gap or a repetition, whatever was written when', async () => {
    const ages = fc.array(fc.integer({ min: 0, max: 70 * DAY_MS }), { maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(ages, fc.integer({ min: 1, max: 7 }), async (times, limit) => {
        await using fresh = await freshStore()
        for (const [at, age] of times.entries()) {
          await actionStore(fresh.store).audit(aLine({ at: NOON - age, command: `c${at}` }), `r${at}`)
        }
        const read: AuditEntry[] = []
        for (let after: string | null = null, more = true; more; ) {
          const page = await auditReader(fresh.store).read({ ...lastYear, after, limit })
          read.push(...page.lines)
          more = page.more
          after = page.lines.at(-1)?.mark ?? null
        }
        expect(read.map(({ at }) => at)).toEqual(times.map((age) => NOON - age).toSorted((a, b) => b - a))
        expect(new Set(read.map(({ command }) => command)).size).toBe(times.length)
      }),
      { numRuns: 15 },
    )
  })

  it('stops at the time that was asked for, and takes only what matches', async () => {
    const actions = actionStore(store)
    await actions.audit(aLine({ at: NOON - 2 * DAY_MS, command: 'old' }), 'a')
    await actions.audit(aLine({ at: NOON - DAY_MS, command: 'other' }), 'b')
    await actions.audit(aLine({ at: NOON - 5, command: 'new' }), 'c')
    const read = async (over: object) =>
      (await auditReader(store).read({ ...all, ...over })).lines.map(({ command }) => command)
    expect(await read({ since: NOON - DAY_MS })).toEqual(['new', 'other'])
    const matches = ({ command }: AuditLine) => command !== 'other'
    expect(await read({ since: NOON - 3 * DAY_MS, matches })).toEqual(['new', 'old'])
  })
})

async function freshStore() {
  const fresh = await openEmbeddedStore(await folders.make(), { random })
  return { store: fresh, [Symbol.asyncDispose]: () => fresh.close() }
}
