import type { Clock, Random } from '../core/ports.ts'
import { type Hello, helloAnswerSchema } from '../wire/hello.ts'
import { HUB_BODY_LIMIT } from '../wire/limits.ts'
import { readMessage } from '../wire/read-message.ts'
import { ROUTES } from '../wire/routes.ts'
import type { Ending } from './endings.ts'
import { type Home, readGeneration, writeGeneration } from './home.ts'
import { type HubLink, isDead } from './hub-link.ts'
import type { Log } from './log.ts'
import { backoffMs, pause } from './pause.ts'

/** What a runner says of itself, but for the generation. */
export type Introduction = Omit<Hello, 'v' | 'generation' | 'nonce'>

export interface HelloParts {
  readonly link: HubLink
  readonly home: Home
  readonly introduce: () => Introduction
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

/** A hello is answered from one row: ten seconds are plenty. */
const TIMEOUT_MS = 10_000

/**
 * Says hello until the hub has answered and the new generation is stored; null then, else why the runner must end. The
 * nonce is stored before it is sent, so that a crash between the hub's answer and our write is no second machine.
 */
export async function sayHello(parts: HelloParts, signal: AbortSignal): Promise<Ending | null> {
  const { link, home, random, clock, log } = parts
  const stored = await readGeneration(home)
  const nonce = stored.nonce ?? random.hex(16)
  if (stored.nonce === null) await writeGeneration(home, { generation: stored.generation, nonce })
  for (let failures = 1; !signal.aborted; failures++) {
    const hello: Hello = { v: 1, generation: stored.generation, nonce, ...parts.introduce() }
    const answer = await link.post(ROUTES.hello, JSON.stringify(hello), TIMEOUT_MS, signal)
    if (signal.aborted) break
    if (isDead(answer)) return 'revoked'
    if (answer.kind === 'clock-wrong') return 'clock-wrong'
    if (answer.kind === 'answered') {
      const read = readMessage(helloAnswerSchema, answer.body, HUB_BODY_LIMIT)
      if (read.ok) {
        await writeGeneration(home, { generation: read.message.generation, nonce: null })
        link.correct(read.message.now)
        log.info({ generation: read.message.generation }, 'the hub knows this runner')
        return null
      }
      log.warn({ detail: read.detail }, 'the hub answered the hello with something else')
    } else {
      log.warn(factsOf(answer), 'the hub did not take the hello')
    }
    const asked = answer.kind === 'refused' ? answer.retryAfterMs : null
    await pause(clock, backoffMs(failures, random, asked), signal)
  }
  return 'stopped'
}

/** What of an answer may stand in the log. */
export function factsOf(answer: Awaited<ReturnType<HubLink['post']>>): object {
  switch (answer.kind) {
    case 'answered':
      return { status: answer.status }
    case 'refused':
      return { status: answer.status, code: answer.code }
    case 'trouble':
      return { trouble: answer.trouble }
    case 'clock-wrong':
      return { byMs: answer.byMs }
  }
}
