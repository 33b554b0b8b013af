import { isClosed } from '../core/check.ts'
import { newId } from '../core/ids.ts'
import type { Office } from '../core/office.ts'
import type { Clock, Random } from '../core/ports.ts'
import type { Runner, RunnerHello } from '../core/runner.ts'
import { PROBES } from '../probes/registry.ts'
import type { OfficeStore } from '../store/offices.ts'
import type { RunnerStore } from '../store/runners.ts'
import { helloSchema } from '../wire/hello.ts'
import { RUNNER_BODY_LIMIT } from '../wire/limits.ts'
import { measurementMessageSchema } from '../wire/measurement-message.ts'
import { pollSchema } from '../wire/poll.ts'
import { readMessage } from '../wire/read-message.ts'
import { ROUTES } from '../wire/routes.ts'
import type { ClockDoubts } from './alerts/clock-doubts.ts'
import type { CheckDesk, DeskLog } from './check/check-desk.ts'
import type { HubRequest, HubResponse, HubRoute } from './http/types.ts'
import { BadStreaks } from './runners/bad-streak.ts'
import { checkMeasurement, contentOf } from './runners/check-measurement.ts'
import { type EnrollParts, enrollRunner } from './runners/enroll-runner.ts'
import { EnrollThrottle } from './runners/enroll-throttle.ts'
import type { Presence } from './runners/presence.ts'
import { ReplayMemory } from './runners/replay-memory.ts'
import { type RunnerRefusal, refusal, verifyRunner } from './runners/verify-runner.ts'
import type { WaitingPolls } from './runners/waiting-polls.ts'

/** What the runners' side of the hub needs. */
export interface RunnerRoutesDeps {
  /** The origin that runners sign for. */
  readonly origin: string
  readonly offices: OfficeStore
  readonly runners: RunnerStore
  readonly desk: Pick<CheckDesk, 'workFor' | 'handedOut' | 'find' | 'keep'>
  readonly polls: WaitingPolls
  readonly presence: Presence
  /** Told of runners whose clocks are far from ours. */
  readonly clocks: Pick<ClockDoubts, 'note'>
  readonly clock: Clock
  readonly random: Random
  readonly log: DeskLog
}

/** A runner's row says when it was seen; written this often, because every poll would be a write. */
export const SEEN_EVERY_MS = 15 * 60_000

/** Every job is the first attempt: a repeated hand-out asks for the same measurement ids. */
const ATTEMPT = 1

interface Signed {
  readonly runner: Runner
  readonly request: HubRequest
}

/** The addresses that runners call: enrol, hello, poll, post a measurement. */
export function runnerRoutes(deps: RunnerRoutesDeps): readonly HubRoute[] {
  const { clock, clocks, desk, log, offices, polls, presence, random, runners } = deps
  const replay = new ReplayMemory()
  const streaks = new BadStreaks()
  const throttle = new EnrollThrottle()
  const enrolParts: EnrollParts = {
    hub: deps.origin,
    throttle,
    firstState: 'active',
    store: {
      code: (hash) => runners.code(hash),
      spendCode: (hash, etag, kid, id) => runners.spendCode(hash, etag, kid, id),
      byKid: (kid) => runners.byKid(kid),
      put: (runner) => runners.put(runner),
      officeName: async (id) => (await offices.all()).find((office) => office.id === id)?.name ?? null,
    },
    nextRunner: async (officeId) => {
      const count = (await runners.all()).filter((runner) => runner.officeId === officeId).length
      return { id: newId(clock.now(), random), name: `${officeId}-${count + 1}` }
    },
  }

  /** A route that only a runner with a good signature reaches. */
  const signed = (path: string, handle: (signed: Signed) => Promise<HubResponse>): HubRoute => ({
    method: 'POST',
    path,
    limitBytes: RUNNER_BODY_LIMIT,
    handle: async (request) => {
      const found: { runner: Runner | null } = { runner: null }
      const verdict = await verifyRunner(
        {
          authorization: request.headers['authorization'],
          method: 'POST',
          path,
          body: request.rawBody,
        },
        {
          hub: deps.origin,
          replay,
          findRunner: async (kid) => {
            found.runner = await runners.byKid(kid)
            return found.runner
          },
        },
        clock.now(),
      )
      if (!verdict.ok) {
        if (verdict.code === 'clock-skew' && found.runner) clocks.note(found.runner.id)
        return refused(verdict)
      }
      return found.runner ? handle({ runner: found.runner, request }) : refused(refusal('unauthorized'))
    },
  })

  const seen = async (runner: Runner, hello?: RunnerHello): Promise<void> => {
    const now = clock.now()
    presence.heard(runner.id, now)
    const stale = runner.seenAt === null || now - runner.seenAt > SEEN_EVERY_MS
    if (!hello && !stale) return
    // As it is now: between the request's arrival and here it may have been quarantined.
    const current = (await runners.byKid(runner.kid)) ?? runner
    await runners.put({ ...current, seenAt: now, hello: hello ?? current.hello })
  }

  const sayHello = async ({ runner, request }: Signed): Promise<HubResponse> => {
    const read = readMessage(helloSchema, request.rawBody, RUNNER_BODY_LIMIT)
    if (!read.ok) return refused(refusal(read.code))
    const { version, platform, probes, listVersion, settings, world } = read.message
    await seen(runner, { version, platform, probes, listVersion, settings, world })
    log.info({ runner: runner.name, version, listVersion }, 'a runner said hello')
    return { status: 200, body: { v: 1, generation: read.message.generation + 1, now: clock.now() } }
  }

  const poll = async ({ runner, request }: Signed): Promise<HubResponse> => {
    const read = readMessage(pollSchema, request.rawBody, RUNNER_BODY_LIMIT)
    if (!read.ok) return refused(refusal(read.code))
    await seen(runner)
    const inflight = new Set(read.message.inflight)
    const answered = new AbortController()
    const signal = AbortSignal.any([request.signal, answered.signal])
    for (;;) {
      // Held before looked: work that comes in between wakes it.
      const end = polls.hold(runner.id, signal)
      const work = desk.workFor(runner.id, inflight)
      if (work.length > 0) {
        answered.abort()
        for (const { checkId } of work) desk.handedOut(checkId)
        const jobs = work.map((job) => ({ attempt: ATTEMPT, ...job }))
        return { status: 200, body: { v: 1, jobs } }
      }
      const how = await end
      presence.heard(runner.id, clock.now())
      if (how !== 'wake') return { status: 204 }
    }
  }

  const post = async ({ runner, request }: Signed): Promise<HubResponse> => {
    const read = readMessage(measurementMessageSchema, request.rawBody, RUNNER_BODY_LIMIT)
    if (!read.ok) return bad(runner, refusal(read.code))
    const check = await desk.find(read.message.checkId)
    const known = check ? await offices.all() : []
    const ruled = checkMeasurement(
      read.message,
      check && {
        owed: check.owed,
        closed: isClosed(check),
        createdAt: check.createdAt,
        attempt: ATTEMPT,
        world: (officeId) => worldOf(known, officeId),
        storedContent: (id) => {
          const stored = check.measurements[id]
          return stored ? contentOf(stored) : null
        },
      },
      { runnerId: runner.id, officeId: runner.officeId, now: clock.now(), probes: PROBES },
    )
    if (ruled.kind === 'repeat') return STORED
    if (ruled.kind === 'refuse') {
      log.warn({ runner: runner.name, code: ruled.refusal.code }, 'a measurement was refused')
      return ruled.bad ? bad(runner, ruled.refusal) : refused(ruled.refusal)
    }
    if (ruled.bad) await bad(runner, refusal('message-refused'))
    else streaks.note(runner.id, true)
    const kept = await desk.keep(ruled.measurement)
    switch (kept) {
      case 'stored':
      case 'repeated':
        return STORED
      case 'late':
        return refused(refusal('finished'))
      case 'conflict':
        return refused(refusal('conflict'))
      case 'unknown-check':
        return refused(refusal('unknown-check'))
      case 'not-owed':
        return refused(refusal('unasked'))
      case 'not-now':
        return refused(refusal('busy'))
    }
  }

  /** Counts a bad message; after many in a row the runner is marked for an admin to look at, and told. */
  const bad = async (runner: Runner, why: RunnerRefusal): Promise<HubResponse> => {
    if (streaks.note(runner.id, false) === 'quarantined' && !runner.quarantined) {
      await runners.put({ ...runner, quarantined: true })
      log.error({ runner: runner.name }, 'a runner sent rubbish too often and is quarantined')
    }
    return refused(why)
  }

  return [
    {
      method: 'POST',
      path: ROUTES.enroll,
      limitBytes: RUNNER_BODY_LIMIT,
      handle: async (request) => {
        const outcome = await enrollRunner(request.rawBody, request.remoteAddress, enrolParts, clock.now())
        if (outcome.ok) {
          log.info({ runner: outcome.runner.name, office: outcome.runner.officeId }, 'a runner enrolled')
          return { status: 200, body: outcome.answer }
        }
        log.warn({ why: outcome.why, office: outcome.officeId }, 'an enrolment was refused')
        return refused(outcome)
      },
    },
    {
      method: 'GET',
      path: ROUTES.echo,
      handle: async (request) => ({
        status: 200,
        body: { address: request.remoteAddress, port: 0, headers: {} },
      }),
    },
    signed(ROUTES.hello, sayHello),
    signed(ROUTES.poll, poll),
    signed(ROUTES.measurement, post),
  ]
}

const STORED: HubResponse = { status: 200, body: { v: 1, stored: true } }

function refused({ status, code, now }: RunnerRefusal): HubResponse {
  return { status, body: now === undefined ? { error: code } : { error: code, now } }
}

function worldOf(offices: readonly Office[], officeId: string): string | null {
  return offices.find((office) => office.id === officeId)?.world ?? null
}
