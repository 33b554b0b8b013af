import { randomUUID } from 'node:crypto'
import { once as onceOf } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { request } from 'undici'
import { cardCopies, cardKind, cardLines } from '../cards/card-text.ts'
import type { Clock } from '../core/ports.ts'
import { DEMO_BOT, DEMO_PEOPLE, DEMO_TENANT_ID } from './connector/people.ts'

/** The card that answered a message, once it will not change any more. */
export interface FinalAnswer {
  readonly card: object
  readonly refused: boolean
}

/** A check ends within its deadline of 60 s; storing and telling it takes less than the rest. */
const ANSWER_MS = 90_000

/** Cards are 24 KB at most; anything larger is not ours. */
const MAX_BODY_BYTES = 1024 * 1024

/** How long and how to wait for an answer. */
export interface Waiting {
  readonly clock: Clock
  /** Ends when no answer can come any more. */
  readonly gone: Promise<void>
}

/**
 * Says one thing to a hub as a Teams client would, with a connector of its own to be answered at, and waits for the
 * card that will not change any more. Null when no answer came.
 */
export async function sayOnce(
  hubUrl: string,
  text: string,
  { clock, gone }: Waiting,
): Promise<FinalAnswer | null> {
  const { promise, resolve } = Promise.withResolvers<FinalAnswer | null>()
  const server = createServer((req, res) => {
    readJson(req)
      .then((activity) => {
        const card = cardOf(activity)
        res.writeHead(req.method === 'POST' ? 201 : 200, { 'content-type': 'application/json' })
        res.end(JSON.stringify({ id: MESSAGE_ID }))
        if (card && isFinal(card)) resolve({ card, refused: REFUSALS.has(cardKind(card) ?? '') })
      })
      .catch(() => {
        res.writeHead(400)
        res.end()
      })
  })
  server.listen(0, '127.0.0.1')
  await onceOf(server, 'listening')
  const { port } = server.address() as AddressInfo
  const cancel = clock.after(ANSWER_MS, () => resolve(null))
  void gone.then(() => resolve(null))
  try {
    const status = await deliver(hubUrl, text, `http://127.0.0.1:${port}/`, clock.now()).catch(() => 0)
    return status === 200 ? await promise : null
  } finally {
    cancel()
    server.close()
    server.closeAllConnections()
  }
}

/** The answer as lines for a terminal. */
export function answerLines({ card }: FinalAnswer): readonly string[] {
  return [...cardLines(card), ...cardCopies(card)]
}

const MESSAGE_ID = 'answer'

const REFUSALS: ReadonlySet<string> = new Set(['refusal', 'error', 'dry-run'])

/** A card under way will be edited; a summary is under way while an office in it has no verdict yet. */
function isFinal(card: object): boolean {
  const kind = cardKind(card)
  if (kind === 'progress') return false
  return kind !== 'summary' || !JSON.stringify(card).includes('"Checking ')
}

function cardOf(activity: unknown): object | null {
  const attachments = (activity as { attachments?: { content?: unknown }[] } | null)?.attachments
  const content = attachments?.[0]?.content
  return typeof content === 'object' && content !== null ? content : null
}

async function deliver(hubUrl: string, text: string, serviceUrl: string, now: number): Promise<number> {
  const [person] = DEMO_PEOPLE
  const activity = {
    type: 'message',
    id: randomUUID(),
    timestamp: new Date(now).toISOString(),
    channelId: 'msteams',
    serviceUrl,
    from: { id: person.chatId, name: person.name, aadObjectId: person.objectId },
    recipient: DEMO_BOT,
    conversation: { id: `once-${randomUUID()}`, conversationType: 'personal', tenantId: DEMO_TENANT_ID },
    channelData: { tenant: { id: DEMO_TENANT_ID } },
    textFormat: 'plain',
    text,
  }
  const answer = await request(`${hubUrl}/api/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(activity),
    signal: AbortSignal.timeout(ANSWER_MS),
  })
  await answer.body.dump()
  return answer.statusCode
}

async function readJson(req: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of req as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_BODY_BYTES) throw new Error('too large')
    chunks.push(chunk)
  }
  return bytes === 0 ? null : JSON.parse(Buffer.concat(chunks).toString('utf8'))
}
