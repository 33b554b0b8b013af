import { afterEach, describe, expect, it } from 'vitest'
import { done, failed, type Outcome } from '../../src/core/failure.ts'
import type { MediaSeen } from '../../src/core/finding.ts'
import type { StunSeen, TrainPlan, TrainSeen } from '../../src/core/ports.ts'
import { directDialer } from '../../src/net/dialer.ts'
import { stunClient } from '../../src/net/stun.ts'
import { systemRandom } from '../../src/os/random.ts'
import { jitterOf } from '../../src/probes/media/evaluate.ts'
import { media } from '../../src/probes/media.ts'
import { type StunServer, startStunServer, stunMapped } from '../support/stun-server.ts'
import { argsOf, contextOf, evaluation, good, system } from './fakes.ts'

const TARGETS = [{ set: 11, host: 'world.tr.teams.microsoft.com' }]
const ONE = '52.112.0.1'
const OTHER = '52.112.0.2'
const closing: StunServer[] = []
afterEach(async () => {
  await Promise.all(closing.splice(0).map((one) => one.close()))
})

type Script = (nth: number, ok: Buffer) => readonly Buffer[]

/** A real relay per claimed address, for trains of a second. */
async function relays(scripts: Readonly<Record<string, Script>>, seconds = 1) {
  const ports: Record<string, number> = {}
  for (const [address, script] of Object.entries(scripts)) {
    let nth = 0
    const server = await startStunServer((asked) =>
      script(nth++, stunMapped(asked.transaction, asked.address, asked.port)),
    )
    closing.push(server)
    ports[address] = server.port
  }
  // Hops are counted beside the trains: a server of their own keeps them out of the scripts' counts.
  const plain = await startStunServer()
  closing.push(plain)
  const client = stunClient(directDialer, systemRandom)
  const there = <T extends { address: string; port: number }>(target: T): T => ({
    ...target,
    address: '127.0.0.1',
    port: ports[target.address] ?? 0,
  })
  const asked: string[] = []
  const context = contextOf({
    settings: { mediaSeconds: seconds },
    dns: { systemLookup: async () => system(Object.keys(scripts)) },
    stun: {
      train: (target, plan, signal) => {
        asked.push(`${target.address} ${target.port} ${plan.count} every ${plan.intervalMs}`)
        return client.train(there(target), plan, signal)
      },
      hops: (target, signal) => client.hops({ ...there(target), port: plain.port }, signal),
    },
  })
  const result = good(await media.run({ targets: TARGETS }, context))
  return { asked, result, findings: media.evaluate(result, evaluation('media', TARGETS)) }
}

/** What is stated of trains that went as given, without a network. */
async function stated(
  trains: Readonly<Record<string, Outcome<Partial<TrainSeen>>>>,
  hops: Outcome<{ hops: number }> = failed('unsupported-probe'),
  binding: Outcome<StunSeen> = failed('timeout'),
) {
  const context = contextOf({
    dns: { systemLookup: async () => system(Object.keys(trains)) },
    stun: {
      train: async ({ address }) => {
        const outcome = trains[address] ?? failed('timeout')
        const none = { packets: [], blurred: 0, reordered: 0, duplicates: 0 }
        return outcome.ok ? done({ ...none, ...outcome.result }) : outcome
      },
      hops: async () => hops,
      binding: async () => binding,
    },
  })
  const result = good(await media.run({ targets: TARGETS }, context))
  const read = good(media.read(JSON.parse(JSON.stringify(result))))
  return media.evaluate(read, evaluation('media', TARGETS))
}

const seenAt = (findings: Awaited<ReturnType<typeof stated>>, to: string): MediaSeen | undefined =>
  argsOf(findings, 'media-seen').destinations.find((one) => one.to === to)

const steady = (ms: number | null, count = 100) => done({ packets: Array<number | null>(count).fill(ms) })

describe('media', () => {
  it('trains to two addresses on 3478 at 50 datagrams a second, and counts hops', async () => {
    const { asked, findings } = await relays({ [ONE]: (_, ok) => [ok], [OTHER]: (_, ok) => [ok] })
    expect(asked.toSorted()).toEqual([`${ONE} 3478 50 every 20`, `${OTHER} 3478 50 every 20`])
    const seen = argsOf(findings, 'media-seen')
    expect(seen).toMatchObject({ host: TARGETS[0]?.host, hops: 1 })
    for (const one of seen.destinations) {
      expect(one).toMatchObject({ lost: 0, reordered: 0, burst: 0, failure: null })
      expect(one.minMs).toBeLessThan(20)
    }
  })

  it('states loss, bursts and what came out of order', async () => {
    let held: Buffer | null = null
    const { findings } = await relays({
      [ONE]: (nth, ok) => (nth >= 10 && nth < 14 ? [] : [ok]),
      [OTHER]: (nth, ok) => {
        if (nth === 20) held = ok
        if (nth === 20) return []
        return nth === 22 && held !== null ? [ok, held] : [ok, ok]
      },
    })
    expect(seenAt(findings, ONE)).toMatchObject({ lost: 4, burst: 4 })
    expect(seenAt(findings, OTHER)).toMatchObject({ lost: 0, reordered: 1 })
  })

  it('states the silence of two destinations, and where one answers, the numbers of that one', async () => {
    const both = await stated({ [ONE]: steady(null), [OTHER]: steady(null) })
    for (const to of [ONE, OTHER]) {
      expect(seenAt(both, to)).toMatchObject({ sent: 100, lost: 100, medianMs: null, jitterMs: null })
    }
    const one = await stated({ [ONE]: steady(null), [OTHER]: steady(12) })
    expect(seenAt(one, OTHER)).toMatchObject({ lost: 0, minMs: 12, medianMs: 12, jitterMs: 0 })
  })

  it.each<[what: string, trains: Parameters<typeof stated>[0], failure: string]>([
    ['silence of a single destination', { [ONE]: steady(null) }, 'timeout'],
    ['no public address', { '10.0.0.1': steady(4) }, 'policy-refused'],
    [
      'no route',
      { [ONE]: failed('network-unreachable'), [OTHER]: failed('network-unreachable') },
      'network-unreachable',
    ],
    [
      'silence of one and no flow to the other',
      { [ONE]: steady(null), [OTHER]: failed('policy-refused') },
      'policy-refused',
    ],
    ['too few datagrams', { [ONE]: steady(4, 24), [OTHER]: steady(null, 24) }, 'timeout'],
  ])('learns nothing from %s', async (_what, trains, failure) => {
    expect(argsOf(await stated(trains), 'unmeasured')).toEqual({ question: 'media', failure })
  })

  it('learns nothing from relays that leave Bindings alone and refuse an Allocate', async () => {
    const silent = { [ONE]: steady(null), [OTHER]: steady(null) }
    const refusing = await stated(silent, undefined, done({ address: null, error: 401, ms: 4 }))
    expect(argsOf(refusing, 'unmeasured')).toEqual({ question: 'media', failure: 'stun-error' })
  })

  it('leaves hops out where they could not be counted', async () => {
    const all = { [ONE]: steady(4), [OTHER]: steady(4) }
    expect(argsOf(await stated(all), 'media-seen').hops).toBeNull()
    expect(argsOf(await stated(all, done({ hops: 12 })), 'media-seen').hops).toBe(12)
  })

  it('uses two addresses and the length that the runner’s own settings say', async () => {
    const plans: TrainPlan[] = []
    const context = contextOf({
      settings: { mediaSeconds: 10 },
      dns: { systemLookup: async () => system([ONE, OTHER, '52.112.0.3']) },
      stun: {
        train: async (_target, plan) => {
          plans.push(plan)
          return failed('timeout')
        },
      },
    })
    await media.run({ targets: TARGETS }, context)
    expect(plans).toEqual(Array(2).fill({ count: 500, intervalMs: 20, lateMs: 800 }))
  })

  it('refuses a job without a relay', async () => {
    expect(await media.run({ targets: [] }, contextOf({}))).toMatchObject({ failure: 'params-refused' })
  })
})

describe('jitter', () => {
  it('is nothing on a steady path and has no value with few times', () => {
    expect(jitterOf(Array(50).fill(84))).toBe(0)
    expect(jitterOf(Array(9).fill(84))).toBeNull()
  })

  it('comes to the mean difference of round trips', () => {
    // 10 ms up and down for ever: the running estimate goes to 10.
    const jitter = jitterOf(Array.from({ length: 500 }, (_, at) => 20 + 10 * (at % 2)))
    expect(jitter).toBeGreaterThan(9.5)
    expect(jitter).toBeLessThanOrEqual(10)
  })

  it('does not rest on a single late datagram', () => {
    const once = Array.from({ length: 500 }, (_, at) => (at === 250 ? 700 : 20))
    expect(jitterOf(once)).toBeLessThan(1)
  })
})
