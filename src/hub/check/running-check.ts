import {
  acceptCheck,
  type Check,
  type CheckEffect,
  type CheckEvent,
  isClosed,
  outstanding,
  resumeCheck,
  stepCheck,
} from '../../core/check.ts'
import { newId } from '../../core/ids.ts'
import type { Measurement } from '../../core/measurement.ts'
import { CardTeller } from './card-teller.ts'
import { type CheckContext, judgeOffices } from './check-context.ts'
import type { CheckDeskDeps } from './check-desk.ts'
import type { Judgement } from './judge-check.ts'
import { latestOf } from './latest-of.ts'
import { MeasurementBuffer } from './measurement-buffer.ts'
import { planCheck } from './plan-check.ts'

/**
 * One check while it runs. Events are applied one after another: the pure step, then the store, then the effects, so
 * that nothing is sent that is not stored.
 */
export class RunningCheck {
  #check: Check
  #turn: Promise<void> = Promise.resolve()
  #context: Promise<CheckContext> | null = null
  #stopped = false
  readonly #deps: CheckDeskDeps
  readonly #buffer: MeasurementBuffer
  readonly #teller: CardTeller
  readonly #onForgotten: () => void
  readonly #cancelDeadline: () => void

  private constructor(check: Check, deps: CheckDeskDeps, onForgotten: () => void) {
    this.#check = check
    this.#deps = deps
    this.#onForgotten = onForgotten
    this.#buffer = new MeasurementBuffer(deps.clock, deps.times.write, (measurements) =>
      this.apply({ type: 'measured', measurements, at: deps.clock.now() }),
    )
    this.#teller = new CardTeller({
      speaker: deps.speaker,
      clock: deps.clock,
      random: deps.random,
      times: deps.times,
      check: () => this.#check,
      render: (place, resent) => this.#render(place, resent),
      apply: (event) => this.apply(event),
      log: deps.log,
    })
    const left = Math.max(0, check.deadline - deps.clock.now())
    this.#cancelDeadline = deps.clock.after(left, () => void this.#atDeadline())
  }

  /** A new check. Nothing happens until `store` has succeeded. */
  static accept(
    request: Parameters<typeof acceptCheck>[0],
    deps: CheckDeskDeps,
    onForgotten: () => void,
  ): RunningCheck {
    return new RunningCheck(acceptCheck(request).check, deps, onForgotten)
  }

  /** A check found in the store. */
  static resume(check: Check, deps: CheckDeskDeps, onForgotten: () => void): RunningCheck {
    const running = new RunningCheck(check, deps, onForgotten)
    running.#run(resumeCheck(check))
    return running
  }

  get check(): Check {
    return this.#check
  }

  /** Stores the new check and begins its effects. */
  async store(): Promise<void> {
    await this.#deps.checks.create(this.#check)
    this.#run([{ type: 'post', place: 0 }, { type: 'plan' }])
  }

  /** Reports whether a measurement is in and about to be stored. */
  isWaiting(measurementId: string): boolean {
    return this.#buffer.waiting.some((entry) => entry.measurementId === measurementId)
  }

  /** Ends when the measurement is stored. */
  measured(measurement: Measurement): Promise<void> {
    const waiting = new Set(this.#buffer.waiting.map((entry) => entry.measurementId))
    const left = outstanding(this.#check).filter(
      (owed) => owed.measurementId !== measurement.measurementId && !waiting.has(owed.measurementId),
    )
    return this.#buffer.add(measurement, left.length === 0)
  }

  /** One event: step, store, effects. */
  apply(event: CheckEvent): Promise<void> {
    const turn = this.#turn.then(async () => {
      if (this.#stopped) return
      const step = stepCheck(this.#check, event)
      if (step.check !== this.#check) {
        await this.#deps.checks.save(this.#check, step.check)
        this.#check = step.check
      }
      this.#run(step.effects)
    })
    this.#turn = turn.catch((error: unknown) => {
      this.#deps.log.error({ checkId: this.#check.id, event: event.type, error }, 'check step failed')
    })
    return turn
  }

  /** Stops timers and waits for what is being stored. */
  async stop(): Promise<void> {
    await this.#buffer.flush()
    await this.#turn
    this.#stopped = true
    this.#cancelDeadline()
    this.#teller.stop()
  }

  #run(effects: readonly CheckEffect[]): void {
    for (const effect of effects) {
      const done = this.#perform(effect)
      done?.catch((error: unknown) => {
        this.#deps.log.error({ checkId: this.#check.id, effect: effect.type, error }, 'check effect failed')
      })
    }
  }

  #perform(effect: CheckEffect): Promise<void> | undefined {
    switch (effect.type) {
      case 'post':
        return this.#teller.post(effect.place)
      case 'plan':
        return this.#plan()
      case 'dispatch':
        this.#deps.wake([...new Set(outstanding(this.#check).map((owed) => owed.runnerId))])
        return undefined
      case 'edit':
        this.#teller.edit()
        return undefined
      case 'close':
        return this.#close()
      case 'forget':
        return this.#forget()
    }
  }

  async #plan(): Promise<void> {
    const context = await this.#read()
    const now = this.#deps.clock.now()
    const offices = this.#check.officeIds.flatMap((id) => context.offices.find((o) => o.id === id) ?? [])
    const plan = planCheck({
      checkId: this.#check.id,
      offices,
      runners: context.runners,
      isSilent: this.#deps.isSilent,
      tlsTargets: (office) => context.surroundingsOf(office).tlsTargets,
      newId: () => newId(now, this.#deps.random),
      now,
    })
    await this.apply({ type: 'planned', owed: plan.owed })
    if (plan.already.length > 0 || plan.owed.length === 0) {
      await this.apply({ type: 'measured', measurements: plan.already, at: this.#deps.clock.now() })
    }
  }

  async #atDeadline(): Promise<void> {
    await this.#buffer.flush()
    await this.apply({ type: 'deadline', at: this.#deps.clock.now() })
  }

  async #close(): Promise<void> {
    this.#cancelDeadline()
    const context = await this.#read()
    for (const judgement of this.#judge(context)) {
      const before = await this.#deps.latest.get(judgement.officeId)
      const latest = latestOf(this.#check, judgement, before, context.runners)
      await this.#deps.latest.put(latest)
      const measurements = Object.values(this.#check.measurements).filter(
        (entry) => entry.officeId === judgement.officeId,
      )
      await this.#deps.latest.addHistory({ latest, startedAt: this.#check.createdAt, measurements })
      this.#deps.log.info(
        {
          check: this.#check.id,
          office: judgement.officeId,
          readiness: judgement.readiness,
          verdicts: latest.verdicts,
          ms: latest.at - this.#check.createdAt,
        },
        'check closed',
      )
    }
    await this.#teller.finish()
  }

  async #forget(): Promise<void> {
    await this.#deps.checks.forget(this.#check)
    this.#stopped = true
    this.#teller.stop()
    this.#onForgotten()
  }

  #judge(context: CheckContext): readonly Judgement[] {
    return judgeOffices(this.#check, context, this.#check.closedAt ?? this.#deps.clock.now())
  }

  #read(): Promise<CheckContext> {
    this.#context ??= this.#deps.context(this.#check.officeIds)
    return this.#context
  }

  async #render(place: number, resent: boolean) {
    const context = await this.#read()
    const view = { check: this.#check, context, judgements: this.#judge(context), place, resent }
    return isClosed(this.#check) ? this.#deps.cards.final(view) : this.#deps.cards.progress(view)
  }
}
