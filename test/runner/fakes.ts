import type { Clock } from '../../src/core/ports.ts'
import { newKeyPair as newOsKeyPair } from '../../src/os/keys.ts'
import type { Home, HomeFile } from '../../src/runner/home.ts'
import type { HubRequest, HubResponse, HubSend } from '../../src/runner/hub-link.ts'
import type { Log } from '../../src/runner/log.ts'
import { NOW } from '../wire/signing-kit.ts'

/** Time that moves only when told to. */
export class HandClock implements Clock {
  #at = 0
  #timers: { at: number; run: () => void }[] = []
  /** What the clock is wrong by. */
  wrongBy = 0

  now(): number {
    return NOW + this.wrongBy + this.#at
  }

  monotonic(): number {
    return this.#at
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#at + ms, run }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((entry) => entry !== timer)
    }
  }

  /** How long until the next timer, ms; null when there is none. */
  get next(): number | null {
    return this.#timers.length === 0 ? null : Math.min(...this.#timers.map(({ at }) => at)) - this.#at
  }

  async pass(ms: number): Promise<void> {
    const end = this.#at + ms
    for (;;) {
      await settle()
      const due = this.#timers.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0]
      if (due === undefined) break
      this.#timers = this.#timers.filter((entry) => entry !== due)
      this.#at = Math.max(this.#at, due.at)
      due.run()
    }
    this.#at = end
    await settle()
  }
}

/** Lets everything that can go on without time go on: signing runs on another thread. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 30; i++) await new Promise((resolve) => setImmediate(resolve))
}

/** Waits until something holds; the test's own time limit ends it otherwise. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2))
}

export interface MemoryHome extends Home {
  readonly files: Map<HomeFile, string>
}

export function memoryHome(): MemoryHome {
  const files = new Map<HomeFile, string>()
  let key: ReturnType<typeof newOsKeyPair> | null = null
  return {
    files,
    read: async (file) => files.get(file) ?? null,
    write: async (file, text) => void files.set(file, text),
    hasKey: async () => key !== null,
    keyPair: async () => (key ??= newOsKeyPair()),
    replaceKey: async () => {
      key = newOsKeyPair()
    },
  }
}

export function answer(status: number, body: unknown = '', more: object = {}): HubResponse {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { ok: true, status, body: text, retryAfterMs: null, date: null, ...more }
}

export const CUT: HubResponse = { ok: false, trouble: 'ECONNRESET' }

/** A hub that gives its answers one after the other, the last one for ever, and keeps what it was asked. */
export function scriptedHub(...answers: (HubResponse | ((request: HubRequest) => HubResponse))[]) {
  const asked: HubRequest[] = []
  const send: HubSend = async (request) => {
    const next = answers[Math.min(asked.length, answers.length - 1)] ?? CUT
    asked.push(request)
    return typeof next === 'function' ? next(request) : next
  }
  return { send, asked }
}

/** Keeps every line. */
export function keptLog(): Log & { readonly lines: { level: string; message: string; facts: object }[] } {
  const lines: { level: string; message: string; facts: object }[] = []
  const at = (level: string) => (facts: object, message: string) => void lines.push({ level, message, facts })
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
