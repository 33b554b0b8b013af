import { describe, expect, it } from 'vitest'
import type { Runner } from '../../../src/core/runner.ts'
import { enrollRunner } from '../../../src/hub/runners/enroll-runner.ts'
import { EnrollThrottle } from '../../../src/hub/runners/enroll-throttle.ts'
import { enroll } from '../../../src/runner/enroll.ts'
import type { HubRequest, HubResponse } from '../../../src/runner/hub-link.ts'
import type { EnrolCode } from '../../../src/store/runners.ts'
import { signEnrollProof } from '../../../src/wire/enroll-proof.ts'
import { hashEnrolmentCode, newEnrolmentCode } from '../../../src/wire/enrolment-code.ts'
import { answer, CUT, HandClock, memoryHome, until } from '../../runner/fakes.ts'
import { countingRandom, HUB, type KeyPair, NOW, newKeyPair } from '../../wire/signing-kit.ts'

const CODE = newEnrolmentCode('seattle', countingRandom())

function hub() {
  const codes = new Map<string, EnrolCode & { etag: string }>()
  const runners: Runner[] = []
  const addCode = (code: string, officeId = 'seattle', expiresAt = NOW + 600_000) =>
    codes.set(hashEnrolmentCode(code), {
      officeId,
      createdBy: 'ana',
      expiresAt,
      usedBy: null,
      runnerId: null,
      etag: '1',
    })
  addCode(CODE)
  let dying = false
  const store = {
    code: async (hash: string) => codes.get(hash) ?? null,
    spendCode: async (hash: string, etag: string, kid: string, runnerId: string) => {
      const code = codes.get(hash)
      if (code === undefined || code.etag !== etag) return false
      codes.set(hash, { ...code, usedBy: kid, runnerId, etag: '2' })
      return true
    },
    byKid: async (kid: string) => runners.find((runner) => runner.kid === kid) ?? null,
    put: async (runner: Runner) => {
      if (dying) throw new Error('killed')
      runners.push(runner)
    },
    officeName: async (officeId: string) => (officeId === 'seattle' ? 'Seattle' : null),
  }
  let count = 0
  const nextRunner = async (officeId: string) => {
    count += 1
    return { id: `${officeId}-${count}`, name: `Seattle ${count}` }
  }
  const parts = {
    hub: HUB,
    store,
    throttle: new EnrollThrottle(),
    nextRunner,
    firstState: 'pending',
  } as const
  const enrol = (body: string, address = '192.0.2.1', now = NOW) =>
    enrollRunner(Buffer.from(body), address, parts, now)
  const crash = (on: boolean) => {
    dying = on
  }
  return { enrol, runners, codes, addCode, crash }
}

async function proofOf(keys: KeyPair, code = CODE, random = countingRandom()): Promise<string> {
  const { publicKey, privateKey } = keys
  const toSign = { hub: HUB, code, version: '0.1.0', label: 'desk', publicKey, privateKey }
  return JSON.stringify({ v: 1, proof: await signEnrollProof(toSign, NOW, random) })
}

const pair = await newKeyPair()
const other = await newKeyPair()

describe('an enrolment', () => {
  it('makes a runner of a host with a code and a key', async () => {
    const { enrol, runners } = hub()
    expect(await enrol(await proofOf(pair))).toMatchObject({
      ok: true,
      repeated: false,
      answer: { v: 1, runnerId: 'seattle-1', officeId: 'seattle', officeName: 'Seattle', status: 'pending' },
    })
    expect(runners).toMatchObject([
      { id: 'seattle-1', kid: pair.kid, publicKey: pair.publicKey, state: 'pending' },
    ])
  })

  it('gives the same answer to the same code and key, and makes one runner', async () => {
    const { enrol, runners } = hub()
    const first = await enrol(await proofOf(pair))
    const second = await enrol(await proofOf(pair), '192.0.2.1', NOW + 30_000)
    expect(second).toMatchObject({ ok: true, repeated: true, answer: first.ok ? first.answer : null })
    expect(runners).toHaveLength(1)
  })

  it('is made good when the hub died between its two writes', async () => {
    const { enrol, runners, crash } = hub()
    crash(true)
    await expect(enrol(await proofOf(pair))).rejects.toThrow('killed')
    crash(false)
    expect(await enrol(await proofOf(pair))).toMatchObject({ ok: true, answer: { runnerId: 'seattle-1' } })
    expect(runners).toHaveLength(1)
  })

  it('lets one of many hosts with one code through', async () => {
    const { enrol, runners } = hub()
    const hosts = await Promise.all(Array.from({ length: 8 }, newKeyPair))
    const bodies = await Promise.all(hosts.map((keys) => proofOf(keys)))
    const answers = await Promise.all(bodies.map((body, index) => enrol(body, `192.0.2.${index}`)))
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    expect(runners).toHaveLength(1)
  })

  it('gives one and the same answer for every reason to refuse, and keeps the reason for the audit', async () => {
    const cases: [string, ReturnType<typeof hub>, string][] = []
    const used = hub()
    await used.enrol(await proofOf(other))
    cases.push(['used', used, await proofOf(pair)])
    const expired = hub()
    expired.addCode(CODE, 'seattle', NOW)
    cases.push(['expired', expired, await proofOf(pair)])
    cases.push([
      'no-code',
      hub(),
      await proofOf(pair, newEnrolmentCode('seattle', { ...countingRandom(), hex: () => 'ab'.repeat(20) })),
    ])
    const gone = hub()
    gone.addCode(newEnrolmentCode('paris', countingRandom()), 'paris')
    cases.push(['no-office', gone, await proofOf(pair, newEnrolmentCode('paris', countingRandom()))])
    const known = hub()
    await known.enrol(await proofOf(pair))
    const second = newEnrolmentCode('seattle', { ...countingRandom(), hex: () => 'cd'.repeat(20) })
    known.addCode(second)
    cases.push(['key-known', known, await proofOf(pair, second)])
    cases.push(['malformed', hub(), '{'])
    cases.push(['malformed', hub(), `{"v":1,"proof":"${'a'.repeat(5000)}"}`])
    for (const [why, at, body] of cases) {
      const { ok, ...refusal } = await at.enrol(body)
      expect([why, ok, refusal]).toMatchObject([why, false, { status: 403, code: 'enrolment-refused', why }])
    }
  })

  it('is throttled per address after ten failures in a minute', async () => {
    const { enrol } = hub()
    for (let i = 0; i < 10; i++) await enrol('{')
    expect(await enrol(await proofOf(pair))).toMatchObject({ ok: false, status: 403, why: 'throttled' })
    expect(await enrol(await proofOf(pair), '192.0.2.1', NOW + 60_000)).toMatchObject({ ok: true })
  })

  it('is throttled per office for those who failed before, and not for those who did not', async () => {
    const { enrol } = hub()
    const wrong = newEnrolmentCode('seattle', { ...countingRandom(), hex: () => 'ab'.repeat(20) })
    for (let i = 0; i < 10; i++) await enrol(await proofOf(other, wrong), `198.51.100.${i}`)
    expect(await enrol(await proofOf(other, wrong), '198.51.100.0')).toMatchObject({ why: 'throttled' })
    expect(await enrol(await proofOf(pair), '192.0.2.1')).toMatchObject({ ok: true })
  })
})

describe('the runner’s side of an enrolment', () => {
  function host(at: ReturnType<typeof hub>, lose: (count: number) => boolean = () => false) {
    const clock = new HandClock()
    const home = memoryHome()
    let count = 0
    const send = async (request: HubRequest): Promise<HubResponse> => {
      const outcome = await at.enrol(request.body)
      count += 1
      if (lose(count)) return CUT
      return outcome.ok ? answer(200, outcome.answer) : answer(403, { error: outcome.code }, { date: NOW })
    }
    const random = countingRandom()
    const parts = { hub: HUB, home, send, clock, random, version: '0.1.0', label: 'desk' }
    const run = (code = CODE) => enroll(code, parts, new AbortController().signal)
    return { run, home, clock }
  }

  it('stores who it is', async () => {
    const { run, home } = host(hub())
    expect(await run(` ${CODE.toLowerCase()}\n`)).toMatchObject({
      ok: true,
      answer: { runnerId: 'seattle-1' },
    })
    expect(JSON.parse(home.files.get('runner.json') ?? '')).toEqual({
      hub: HUB,
      runnerId: 'seattle-1',
      officeId: 'seattle',
      officeName: 'Seattle',
    })
  })

  it('asks again when the answer is lost, and becomes the same runner', async () => {
    const at = hub()
    const { run, clock } = host(at, (count) => count === 1)
    const result = run()
    await until(() => clock.next !== null)
    await clock.pass(1000)
    expect(await result).toMatchObject({ ok: true, answer: { runnerId: 'seattle-1' } })
    expect(at.runners).toHaveLength(1)
  })

  it('takes a new key when its old one was spent with another code', async () => {
    const at = hub()
    const first = host(at, () => true)
    const lost = first.run()
    for (let i = 0; i < 3; i++) {
      await until(() => first.clock.next !== null)
      await first.clock.pass(first.clock.next ?? 0)
    }
    expect(await lost).toMatchObject({ ok: false })
    const second = newEnrolmentCode('seattle', { ...countingRandom(), hex: () => 'cd'.repeat(20) })
    at.addCode(second)
    const again = host(at)
    again.home.keyPair = first.home.keyPair
    again.home.hasKey = first.home.hasKey
    again.home.replaceKey = first.home.replaceKey
    expect(await again.run(second)).toMatchObject({ ok: true, answer: { runnerId: 'seattle-2' } })
  })

  it('finds the hub’s time when its own clock is wrong', async () => {
    const { run, clock } = host(hub())
    clock.wrongBy = 3_600_000
    expect(await run()).toMatchObject({ ok: true })
  })

  it.each([
    ['no code', 'hello', /not an enrolment code/],
    [
      'a code that is used up',
      newEnrolmentCode('seattle', { ...countingRandom(), hex: () => 'ee'.repeat(20) }),
      /refused/,
    ],
  ])('says what is wrong with %s and never repeats it', async (_name, code, sentence) => {
    const result = await host(hub()).run(code)
    expect(result).toMatchObject({ ok: false, because: expect.stringMatching(sentence) })
    expect(JSON.stringify(result)).not.toContain(code.slice(-20))
  })

  it('does not write over an enrolled runner', async () => {
    const { run } = host(hub())
    await run()
    expect(await run()).toMatchObject({ ok: false, because: expect.stringContaining('seattle-1') })
  })
})
