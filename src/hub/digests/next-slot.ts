import { Cron } from 'croner'
import type { DigestPlan } from '../../core/digest.ts'

/** croner counts Sunday as 0, ISO 8601 as 7. */
const SUNDAY = 7

/**
 * The first instant (epoch ms) after `after` at which a digest is due. croner is a calculator here: it makes no timer.
 * A time that a change of clocks leaves out comes at the end of the gap; one that it repeats comes once. `plan.timeZone`
 * must be one that `core/zoned-day.ts` knows, and `time` a time.
 */
export function nextSlot(plan: Pick<DigestPlan, 'days' | 'time' | 'timeZone'>, after: number): number {
  const [hour = 0, minute = 0] = plan.time.split(':').map(Number)
  const days = plan.days.map((day) => day % SUNDAY).join(',')
  const cron = new Cron(`${minute} ${hour} * * ${days}`, { timezone: plan.timeZone, paused: true })
  const next = cron.nextRun(new Date(after))
  if (next === null) throw new RangeError(`never due: ${plan.time} on ${days}`)
  return next.getTime()
}

/** The newest instant at which it was due in [`from`, `now`], where `from` is one; how many were before it. */
export function newestSlot(
  plan: Pick<DigestPlan, 'days' | 'time' | 'timeZone'>,
  from: number,
  now: number,
): { readonly slot: number; readonly missed: number } {
  let slot = from
  let missed = 0
  for (let next = nextSlot(plan, slot); next <= now; next = nextSlot(plan, slot)) {
    slot = next
    missed++
  }
  return { slot, missed }
}
