import type { DigestDesk, DigestHere } from '../../src/commands/digests/desk.ts'
import { type DigestPlan, type DigestSchedule, EVERY_DAY } from '../../src/core/digest.ts'
import { ANA, aConversation, NOON } from './check-kit.ts'

export const DAILY: DigestPlan = {
  selector: 'all',
  days: EVERY_DAY,
  time: '08:00',
  timeZone: 'Europe/London',
  mode: 'changes',
}

export function aSchedule(id: string, over: Partial<DigestSchedule> = {}): DigestSchedule {
  return { id, plan: DAILY, conversation: aConversation(), madeBy: ANA, madeAt: NOON, ...over }
}

/** The digests of one conversation in memory, with one to begin with; each is due an hour after noon. */
export function memoryDigests(first: readonly DigestSchedule[] = [aSchedule('d1')]): DigestDesk {
  let all: readonly DigestHere[] = first.map((schedule) => ({ schedule, nextAt: NOON + 3_600_000 }))
  let count = 1
  const put = (schedule: DigestSchedule): DigestHere => {
    const here = { schedule, nextAt: NOON + 3_600_000 }
    all = [...all.filter((other) => other.schedule.id !== schedule.id), here]
    return here
  }
  return {
    here: async () => all,
    add: async (plan) => put(aSchedule(`d${++count}`, { plan })),
    change: async (id, plan) =>
      all.some(({ schedule }) => schedule.id === id) ? put(aSchedule(id, { plan })) : null,
    snooze: async (id) => {
      const found = all.find(({ schedule }) => schedule.id === id)
      if (!found) return null
      const nextAt = found.nextAt + 24 * 3_600_000
      all = all.map((here) => (here === found ? { ...here, nextAt } : here))
      return nextAt
    },
    stop: async (id) => {
      const before = all.length
      all = all.filter(({ schedule }) => schedule.id !== id)
      return all.length < before
    },
    memory: async () => null,
  }
}
