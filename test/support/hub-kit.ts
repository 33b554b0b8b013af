import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readHubConfig } from '../../src/config/hub-config.ts'
import type { Owed } from '../../src/core/measurement.ts'
import type { Office } from '../../src/core/office.ts'
import { type Hub, startHub } from '../../src/hub/hub.ts'
import { openEmbeddedStore } from '../../src/store/embedded.ts'
import { officeStore } from '../../src/store/offices.ts'
import { runnerStore } from '../../src/store/runners.ts'
import { signEnrollProof } from '../../src/wire/enroll-proof.ts'
import { hashEnrolmentCode, newEnrolmentCode } from '../../src/wire/enrolment-code.ts'
import { ROUTES } from '../../src/wire/routes.ts'
import { signRequest } from '../../src/wire/sign-request.ts'
import { random } from '../store/contract.ts'
import { type KeyPair, newKeyPair } from '../wire/signing-kit.ts'
import { ALL_PROBES, ANA, anOffice } from './check-kit.ts'
import { keptLog } from './settle.ts'
import { realClock } from './test-clock.ts'

const RANDOM = { ...random, unit: () => Math.random() }

/** Where nothing listens: the hub then keeps the endpoint list that it came with. */
const NOWHERE = 'http://127.0.0.1:1'

async function listening(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return (server.address() as AddressInfo).port
}

/** The side of Teams that takes messages: keeps every card by its id. */
export async function startConnector() {
  const cards = new Map<string, object>()
  let count = 0
  const server = createServer((req, res) => {
    let body = ''
    req.on('data', (chunk) => {
      body += String(chunk)
    })
    req.on('end', () => {
      const activity = JSON.parse(body === '' ? '{}' : body) as { attachments?: { content: object }[] }
      const id = req.method === 'PUT' ? (req.url ?? '').split('/').at(-1) : `sent-${++count}`
      const card = activity.attachments?.[0]?.content
      if (card) cards.set(String(id), card)
      // Not chained: restify replaces writeHead for the whole process by one that returns nothing.
      res.setHeader('content-type', 'application/json')
      res.end(JSON.stringify({ id }))
    })
  })
  const port = await listening(server)
  return {
    url: `http://127.0.0.1:${port}`,
    /** The cards as they stand now, oldest first. */
    cards: () => [...cards.values()],
    /** The same with the id of each. */
    standing: () => [...cards],
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

/** A hub on a folder, as the program starts it, with time at a twentieth. */
export async function startTestHub(folder: string, port: number, env: Readonly<Record<string, string>> = {}) {
  const log = keptLog()
  const config = readHubConfig({
    DOORSTEP_SIGN_IN: 'off',
    DOORSTEP_PORT: String(port),
    DOORSTEP_DATA: folder,
    DOORSTEP_ADMINS: ANA.objectId,
    DOORSTEP_ASKS_PER_MINUTE: '1000',
    DOORSTEP_ENDPOINTS: NOWHERE,
    DOORSTEP_TIME_SCALE: '0.05',
    ...env,
  })
  const hub: Hub = await startHub(config, { clock: realClock, random: RANDOM, log })
  return { ...hub, log }
}

/** Offices and one enrolment code each, stored before the hub starts. */
export async function seed(
  folder: string,
  ids: readonly string[],
  over: Readonly<Record<string, Partial<Office>>> = {},
): Promise<Map<string, string>> {
  const store = await openEmbeddedStore(folder, { random })
  const codes = new Map<string, string>()
  const offices: readonly Office[] = ids.map((id) => anOffice(id, over[id] ?? {}))
  for (const office of offices) {
    await officeStore(store, () => undefined).put(office)
    const code = newEnrolmentCode(office.id, RANDOM)
    const row = { officeId: office.id, createdBy: 'test', usedBy: null, runnerId: null }
    await runnerStore(store).putCode(hashEnrolmentCode(code), { ...row, expiresAt: Date.now() + 600_000 })
    codes.set(office.id, code)
  }
  await store.close()
  return codes
}

export interface Answered {
  readonly status: number
  readonly body: unknown
}

/** A runner that a test plays by hand, with a real key and real signatures. */
export class HandRunner {
  readonly #hub: string
  readonly keys: KeyPair
  runnerId = ''

  private constructor(hub: string, keys: KeyPair) {
    this.#hub = hub
    this.keys = keys
  }

  static async make(hub: string): Promise<HandRunner> {
    return new HandRunner(hub, await newKeyPair())
  }

  async enrol(code: string): Promise<Answered> {
    const { publicKey, privateKey } = this.keys
    const toSign = { hub: this.#hub, code, version: '0.1.0', label: 'test', publicKey, privateKey }
    const proof = await signEnrollProof(toSign, Date.now(), RANDOM)
    const answered = await this.send(ROUTES.enroll, JSON.stringify({ v: 1, proof }), {})
    this.runnerId = (answered.body as { runnerId?: string } | null)?.runnerId ?? ''
    return answered
  }

  hello(): Promise<Answered> {
    return this.post(ROUTES.hello, {
      v: 1,
      version: '0.1.0',
      generation: 0,
      nonce: 'ab'.repeat(16),
      platform: 'linux',
      probes: ALL_PROBES,
      listVersion: '2026110200',
      settings: { tenant: false, echo: true, beacon: true },
      world: null,
    })
  }

  poll(inflight: readonly string[] = []): Promise<Answered> {
    return this.post(ROUTES.poll, { v: 1, inflight })
  }

  /** A measurement that failed with a timeout, unless `over` says otherwise. */
  message(checkId: string, owed: Pick<Owed, 'measurementId' | 'probe'>, over: object = {}): object {
    return {
      v: 1,
      checkId,
      measurementId: owed.measurementId,
      probe: owed.probe,
      probeVersion: 1,
      attempt: 1,
      outcome: { ok: false, failure: 'timeout' },
      startedAt: Date.now(),
      durationMs: 12,
      listVersion: '2026110200',
      loopDelayMs: 0.1,
      runnerVersion: '0.1.0',
      world: null,
      ...over,
    }
  }

  async post(path: string, message: object | string): Promise<Answered> {
    const body = typeof message === 'string' ? message : JSON.stringify(message)
    return this.send(path, body, { authorization: await this.sign(path, body) })
  }

  sign(
    path: string,
    body: string,
    over: { runnerId?: string; hub?: string; now?: number } = {},
  ): Promise<string> {
    const { kid, privateKey } = this.keys
    const request = { hub: over.hub ?? this.#hub, method: 'POST', path, body } as const
    const signer = { runnerId: over.runnerId ?? this.runnerId, kid, privateKey }
    return signRequest(request, signer, over.now ?? Date.now(), RANDOM)
  }

  async send(path: string, body: string, headers: Record<string, string>): Promise<Answered> {
    const answer = await fetch(this.#hub + path, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    })
    const text = await answer.text()
    return { status: answer.status, body: text === '' ? null : (JSON.parse(text) as unknown) }
  }
}
