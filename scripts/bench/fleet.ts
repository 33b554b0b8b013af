import { createPrivateKey, type KeyObject } from 'node:crypto'
import type { Measurement } from '../../src/core/measurement.ts'
import type { Office } from '../../src/core/office.ts'
import type { Runner } from '../../src/core/runner.ts'
import { systemClock } from '../../src/os/clock.ts'
import { newKeyPair } from '../../src/os/keys.ts'
import { systemRandom } from '../../src/os/random.ts'
import { httpDispatcher, hubSender } from '../../src/runner/http-client.ts'
import { HubLink, MOST_OFFSET_MS } from '../../src/runner/hub-link.ts'
import type { MeasurementMessage } from '../../src/wire/measurement-message.ts'
import { type Job, pollAnswerSchema } from '../../src/wire/poll.ts'
import { readPublicKey, thumbprint } from '../../src/wire/public-key.ts'
import { ROUTES } from '../../src/wire/routes.ts'
import type { Recording } from './demo-part.ts'

/** An office of the bench with a runner whose key we hold. */
export interface BenchRunner {
  readonly office: Office
  readonly runner: Runner
  readonly privateKey: KeyObject
}

/** Stand-in runners that poll, sign and post as real ones do, and answer what a real one has answered before. */
export interface Fleet {
  /** `performance.now()` just before the last measurement of a check was sent, per office. */
  readonly lastPosts: ReadonlyMap<string, readonly number[]>
  /** Requests that the hub did not take, by what it said. */
  readonly refused: ReadonlyMap<string, number>
  stop(): Promise<void>
}

/** Above the 25 s for which the hub holds a poll. */
const POLL_MS = 40_000

/** Makes offices, all in the place of the recorded one and in no world, with so many registered runners each. */
export async function benchRunners(
  recording: Recording,
  offices: number,
  each: number,
  prefix: string,
): Promise<readonly BenchRunner[]> {
  const made: BenchRunner[] = []
  for (let index = 0; index < offices * each; index++) {
    const number = (index % each) + 1
    const id = `${prefix}-${String(Math.floor(index / each) + 1).padStart(4, '0')}`
    const pair = newKeyPair()
    const publicKey = readPublicKey(pair.publicJwk)
    if (publicKey === null) throw new Error('a new key pair has no public key')
    const hello = recording.runner.hello && { ...recording.runner.hello, world: null }
    made.push({
      office: { ...recording.office, id, name: `Office ${id}`, aliases: [], world: null },
      runner: {
        ...recording.runner,
        id: `runner-${id}-${number}`,
        officeId: id,
        name: `${id}-${number}`,
        kid: await thumbprint(publicKey),
        publicKey,
        seenAt: Date.now(),
        hello,
      },
      privateKey: createPrivateKey({ key: pair.privateJwk, format: 'jwk' }),
    })
  }
  return made
}

/** Starts the runners; each polls until `stop`. */
export function startFleet(hub: string, runners: readonly BenchRunner[], recording: Recording): Fleet {
  const dispatcher = httpDispatcher({ proxy: null, extraRoots: null })
  const send = hubSender(hub, dispatcher)
  const clock = systemClock()
  const over = new AbortController()
  const lastPosts = new Map<string, number[]>()
  const refused = new Map<string, number>()
  const note = (what: string) => refused.set(what, (refused.get(what) ?? 0) + 1)

  const checks = new Map<string, number>()
  /** An office's last post is that of its last runner. */
  const notePost = (officeId: string, checkId: string): void => {
    const posts = lastPosts.get(officeId) ?? []
    const at = checks.get(checkId) ?? posts.length
    checks.set(checkId, at)
    posts[at] = performance.now()
    lastPosts.set(officeId, posts)
  }

  const answer = async (link: HubLink, { office }: BenchRunner, job: Job): Promise<void> => {
    for (const [index, owed] of job.owed.entries()) {
      const body = JSON.stringify(messageFor(job, owed, recording))
      if (index === job.owed.length - 1) notePost(office.id, job.checkId)
      const told = await link.post(ROUTES.measurement, body, POLL_MS, over.signal)
      if (told.kind !== 'answered' && !over.signal.aborted) note(`measurement: ${JSON.stringify(told)}`)
    }
  }

  const live = async (bench: BenchRunner): Promise<void> => {
    const signer = { runnerId: bench.runner.id, kid: bench.runner.kid, privateKey: bench.privateKey }
    const link = new HubLink({ hub, signer, send, clock, random: systemRandom, mostOffsetMs: MOST_OFFSET_MS })
    while (!over.signal.aborted) {
      const told = await link.post(ROUTES.poll, JSON.stringify({ v: 1, inflight: [] }), POLL_MS, over.signal)
      if (told.kind === 'answered' && told.status === 200) {
        for (const job of pollAnswerSchema.parse(JSON.parse(told.body)).jobs) await answer(link, bench, job)
      } else if (told.kind !== 'answered' && !over.signal.aborted) {
        note(`poll: ${JSON.stringify(told)}`)
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      }
    }
  }

  const lives = runners.map(live)
  return {
    lastPosts,
    refused,
    async stop() {
      over.abort()
      await Promise.allSettled(lives)
      await dispatcher.destroy()
    },
  }
}

const RETRY_MS = 500

/** What the recorded runner answered to the same question; a question it was not asked fails by time. */
function messageFor(job: Job, owed: Job['owed'][number], recording: Recording): MeasurementMessage {
  const params = JSON.stringify(owed.params)
  const same = recording.measurements.find(
    (entry) => entry.probe === owed.probe && JSON.stringify(entry.params) === params,
  )
  const other = same ?? recording.measurements.find((entry) => entry.probe === owed.probe)
  return {
    v: 1,
    checkId: job.checkId,
    measurementId: owed.measurementId,
    probe: owed.probe,
    probeVersion: other?.probeVersion ?? 1,
    attempt: job.attempt,
    outcome: outcomeOf(other),
    startedAt: Date.now(),
    durationMs: other?.durationMs ?? 0,
    listVersion: other?.listVersion ?? '2024040100',
    loopDelayMs: 0,
    runnerVersion: other?.runnerVersion ?? '0.1.0',
    world: null,
  }
}

function outcomeOf(measurement: Measurement | undefined): MeasurementMessage['outcome'] {
  const outcome = measurement?.outcome ?? { ok: false, failure: 'timeout' }
  return outcome.ok ? { ok: true, result: outcome.result ?? null } : outcome
}
