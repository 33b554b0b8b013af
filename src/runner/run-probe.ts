import { failed, type Outcome } from '../core/failure.ts'
import type { ProbeParams } from '../core/measurement.ts'
import type { ProbePorts, ProbeSettings } from '../core/ports.ts'
import type { Probe } from '../core/probe.ts'
import type { Log } from './log.ts'

/** What every probe of this runner is given. */
export interface ProbeWorkshop {
  readonly ports: ProbePorts
  readonly settings: ProbeSettings
  readonly log: Log
}

/** After its signal a probe may still hand in what it has, for this long. */
const GRACE_MS = 250

/**
 * Runs one probe within `budgetMs`. A spent budget is `timeout`, a throw is a bug of ours and is logged: either way the
 * hub gets an answer. `stop` ends it early.
 */
export async function runProbe(
  probe: Probe<unknown>,
  params: ProbeParams,
  workshop: ProbeWorkshop,
  budgetMs: number,
  stop: AbortSignal,
): Promise<Outcome<unknown>> {
  const { ports, settings, log } = workshop
  const spent = new AbortController()
  const signal = AbortSignal.any([spent.signal, stop])
  const overdue = Promise.withResolvers<Outcome<unknown>>()
  const cancels = [
    ports.clock.after(budgetMs, () => spent.abort()),
    ports.clock.after(budgetMs + GRACE_MS, () => overdue.resolve(failed('timeout', 'the budget was spent'))),
  ]
  const stopped = () => overdue.resolve(failed('timeout', 'the runner was stopped'))
  stop.addEventListener('abort', stopped)
  const run = async (): Promise<Outcome<unknown>> => {
    try {
      return await probe.run(params, { ports, settings, signal })
    } catch (error) {
      // A probe that lets its own abort through has only run out of time.
      if (signal.aborted) return failed('timeout', 'the budget was spent')
      log.error({ probe: probe.name, error: textOf(error) }, 'a probe threw: a bug')
      return failed('runner-bug', error instanceof Error ? error.name : 'not an error')
    }
  }
  try {
    return await Promise.race([run(), overdue.promise])
  } finally {
    for (const cancel of cancels) cancel()
    stop.removeEventListener('abort', stopped)
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
