import type { Person } from '../../core/chat.ts'
import {
  acceptCheck,
  type Check,
  type CheckEffect,
  type CheckEvent,
  isClosed,
  isPlanned,
  outstanding,
  resumeCheck,
  stepCheck,
} from '../../core/check.ts'
import { newId } from '../../core/ids.ts'
import type { Measurement } from '../../core/measurement.ts'
import { allowsTarget } from '../../endpoints/match.ts'
import { serviceTargets } from '../../endpoints/service-targets.ts'
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
  /** The context once it is there. */
  #readContext: CheckContext | null = null
  #atTheEnd: readonly Judgement[] | null = null
  #stopped = false
  #stored: Promise<void> = Promise.resolve()
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
      this.#measured(measurements),
    )
    this.#teller = new CardTeller({
      speaker: deps.speaker,
      clock: deps.clock,
      random: deps.random,
      times: deps.times,
      check: () => this.#check,
      render: (place, resent) => this.#render(place, resent),
      hasVerdict: () => deps.cards.hasVerdict(this.#check, () => this.#judgeIfRead()),
      apply: (event) => this.apply(event),
      log: deps.log,
    })
    const left = Math.max(0, check.deadline - deps.clock.now())
    this.#cancelDeadline = deps.clock.after(left, () => this.#perform('deadline', () => this.#atDeadline()))
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
    // A crash came between the rows of the last measurements and the head that closes.
    if (isPlanned(check) && !isClosed(check) && outstanding(check).length === 0) {
      running.#perform('measured', () => running.#measured([]))
    }
    return running
  }

  get check(): Check {
    return this.#check
  }

  /** Stores the new check and begins its effects. Events that come meanwhile wait; if it fails they are refused. */
  async store(): Promise<void> {
    this.#stored = this.#deps.checks.create(this.#check)
    this.#turn = this.#stored.catch(() => undefined)
    try {
      await this.#stored
    } catch (error) {
      this.#end()
      throw error
    }
    this.#run(resumeCheck(this.#check))
  }

  /** Ends when the check is stored; throws when it could not be, and then there is no such check. */
  isStored(): Promise<void> {
    return this.#stored
  }

  /** Reports whether a measurement is in and about to be stored. */
  isWaiting(measurementId: string): boolean {
    return this.#buffer.isHolding(measurementId)
  }

  /** Ends when the measurement is stored. */
  measured(measurement: Measurement): Promise<void> {
    const left = outstanding(this.#check).filter(
      ({ measurementId }) => measurementId !== measurement.measurementId && !this.isWaiting(measurementId),
    )
    return this.#buffer.add(measurement, left.length === 0)
  }

  /** Stops the check where it stands; false when it came to its own end first. */
  async cancel(by: Person): Promise<boolean> {
    await this.#buffer.flush()
    await this.apply({ type: 'cancelled', by, at: this.#deps.clock.now() })
    return this.#check.cancelledBy === by
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
      this.#deps.log.error({ checkId: this.#check.id, event: event.type, err: error }, 'check step failed')
    })
    return turn
  }

  /** Stops timers and waits for what is being stored. */
  async stop(): Promise<void> {
    await this.#buffer.flush()
    await this.#turn
    this.#end()
  }

  #end(): void {
    this.#stopped = true
    this.#cancelDeadline()
    this.#teller.stop()
  }

  #run(effects: readonly CheckEffect[]): void {
    for (const effect of effects) this.#perform(effect.type, async () => this.#do(effect))
  }

  /**
   * Does what must be done, again after a pause when it fails: a store that is away for a moment must not keep a check
   * from its end. Nothing is ever left to an unhandled rejection, which would end the hub.
   */
  #perform(name: string, run: () => Promise<void>, tries = 0): void {
    run().catch((error: unknown) => {
      if (this.#stopped) return
      this.#deps.log.error({ checkId: this.#check.id, effect: name, err: error }, 'check effect failed')
      const pauseMs = Math.min(this.#deps.times.resend, this.#deps.times.write * 2 ** tries)
      this.#deps.clock.after(pauseMs, () => {
        if (!this.#stopped) this.#perform(name, run, tries + 1)
      })
    })
  }

  async #do(effect: CheckEffect): Promise<void> {
    switch (effect.type) {
      case 'post':
        return this.#teller.post(effect.place)
      case 'plan':
        return this.#plan()
      case 'dispatch':
        return this.#deps.wake([...new Set(outstanding(this.#check).map((owed) => owed.runnerId))])
      case 'edit':
        return this.#teller.edit()
      case 'close':
        return this.#close()
      case 'forget':
        return this.#forget()
    }
  }

  #measured(measurements: readonly Measurement[]): Promise<void> {
    return this.apply({ type: 'measured', measurements, at: this.#deps.clock.now() })
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
      reachTargets: (office) => context.surroundingsOf(office).reach.targets,
      services: (office) => serviceTargets(context.surroundingsOf(office).list),
      allows: (office, target) => allowsTarget(context.surroundingsOf(office).list, target),
      download: this.#check.download ?? false,
      newId: () => newId(now, this.#deps.random),
      now,
    })
    await this.apply({ type: 'planned', owed: plan.owed, already: plan.already, at: now })
  }

  async #atDeadline(): Promise<void> {
    await this.#buffer.flush()
    await this.apply({ type: 'deadline', at: this.#deps.clock.now() })
  }

  async #close(): Promise<void> {
    this.#cancelDeadline()
    if (this.#check.cancelledBy === undefined) await this.#keepVerdicts()
    else
      this.#deps.log.info({ check: this.#check.id, by: this.#check.cancelledBy.objectId }, 'check cancelled')
    await this.#teller.finish()
  }

  /** A check that was stopped has none: half of the evidence must not stand as an office's latest. */
  async #keepVerdicts(): Promise<void> {
    const context = await this.#read()
    for (const judgement of this.#judge(context)) {
      const before = await this.#deps.latest.get(judgement.officeId)
      const latest = latestOf(this.#check, judgement, before, context.runners)
      const measurements = Object.values(this.#check.measurements).filter(
        (entry) => entry.officeId === judgement.officeId,
      )
      const { evidence } = judgement
      await Promise.all([
        this.#deps.latest.put(latest),
        this.#deps.latest.addHistory({ latest, startedAt: this.#check.createdAt, measurements, evidence }),
      ])
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
  }

  async #forget(): Promise<void> {
    await this.#deps.checks.forget(this.#check)
    this.#end()
    this.#onForgotten()
  }

  /** Once it is closed nothing changes it: what is kept and every place's card are of one judgement. */
  #judge(context: CheckContext): readonly Judgement[] {
    const { closedAt } = this.#check
    if (closedAt === null) return judgeOffices(this.#check, context, this.#deps.clock.now())
    this.#atTheEnd ??= judgeOffices(this.#check, context, closedAt)
    return this.#atTheEnd
  }

  /** The only office's judgement as things stand. */
  #judgeIfRead(): Judgement | undefined {
    return this.#readContext === null ? undefined : this.#judge(this.#readContext)[0]
  }

  async #read(): Promise<CheckContext> {
    this.#context ??= this.#deps.context(this.#check.officeIds).catch((error: unknown) => {
      this.#context = null
      throw error
    })
    this.#readContext = await this.#context
    return this.#readContext
  }

  async #render(place: number, resent: boolean) {
    const context = await this.#read()
    const view = { check: this.#check, context, judgements: this.#judge(context), place, resent }
    return isClosed(this.#check) ? this.#deps.cards.final(view) : this.#deps.cards.progress(view)
  }
}
