import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { cardKind } from '../../src/cards/card-text.ts'
import { VERDICT_WORDS } from '../../src/cards/wording.ts'
import { CRITERIA, letterOf, type Verdict } from '../../src/core/verdict.ts'
import { DEMO_BOT, DEMO_PEOPLE, DEMO_TENANT_ID, type DemoPerson } from '../../src/local/connector/people.ts'

/** A message of the bot as it arrived. */
export interface Sent {
  readonly kind: 'post' | 'edit'
  readonly conversationId: string
  readonly activityId: string
  readonly card: object
  /** Monotonic, ms. */
  readonly at: number
}

export interface Asked {
  readonly text: string
  readonly person?: DemoPerson
  readonly conversationId?: string
  /** Unique within the conversation; the same again is a second delivery. */
  readonly id?: string
}

/** The side of Teams that the hub talks to, and that talks to the hub. */
export interface TestConnector {
  /** Where answers go. */
  readonly serviceUrl: string
  readonly sent: readonly Sent[]
  /** Everything that was sent to one conversation, in order. */
  to(conversationId: string): readonly Sent[]
  /** Delivers a message; the hub's status. */
  say(hubUrl: string, asked: Asked): Promise<{ readonly status: number; readonly conversationId: string }>
  /** Presses a button of a card. The answer's body. */
  press(hubUrl: string, card: Sent, title: string): Promise<unknown>
  /** The first message of a conversation that `is` accepts, from `after` on (a count of messages). */
  first(conversationId: string, is: (sent: Sent) => boolean, ms?: number): Promise<Sent>
  /** Says something in a conversation of its own and waits for the card that will not change any more. */
  ask(hubUrl: string, text: string): Promise<{ readonly final: Sent; readonly conversationId: string }>
  /** Answers edits of this message with a status from now on. */
  refuseEdits(activityId: string, status: number): void
  /** Answers what is posted to this conversation with a status from now on; null: takes it again. */
  refusePosts(conversationId: string, status: number | null): void
  close(): Promise<void>
}

/** A check ends within its deadline of 60 s, whatever happens. */
const FINAL_MS = 80_000

/** Starts a connector on a free port. */
export async function startConnector(): Promise<TestConnector> {
  const sent: Sent[] = []
  const listeners = new Set<() => void>()
  const refused = new Map<string, number>()
  const server = createServer((req, res) => {
    readJson(req)
      .then((body) => {
        const [, conversationId = '', id = ''] =
          /^\/v3\/conversations\/([^/]+)\/activities(?:\/([^/]+))?/.exec(req.url ?? '') ?? []
        const card = (body as { attachments?: { content?: object }[] }).attachments?.[0]?.content
        const kind = req.method === 'POST' ? 'post' : 'edit'
        const activityId = kind === 'post' ? randomUUID() : decodeURIComponent(id)
        const refusal = refused.get(kind === 'edit' ? activityId : decodeURIComponent(conversationId))
        if (refusal !== undefined) {
          answerEmpty(res, refusal)
          return
        }
        res.writeHead(kind === 'post' ? 201 : 200, { 'content-type': 'application/json' })
        res.end(JSON.stringify({ id: activityId }))
        if (!card) return
        const at = performance.now()
        sent.push({ kind, conversationId: decodeURIComponent(conversationId), activityId, card, at })
        for (const listener of listeners) listener()
      })
      .catch(() => answerEmpty(res, 400))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const serviceUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`

  const to: TestConnector['to'] = (conversationId) =>
    sent.filter((entry) => entry.conversationId === conversationId)
  const first: TestConnector['first'] = (conversationId, is, ms = FINAL_MS) => {
    const { promise, resolve, reject } = Promise.withResolvers<Sent>()
    const look = () => {
      const found = to(conversationId).find(is)
      if (found) resolve(found)
    }
    const timer = setTimeout(() => {
      const kinds = to(conversationId).map((entry) => `${entry.kind} ${cardKind(entry.card)}`)
      reject(new Error(`no such card in ${conversationId} within ${ms} ms; there were: ${kinds.join(', ')}`))
    }, ms)
    listeners.add(look)
    look()
    return promise.finally(() => {
      clearTimeout(timer)
      listeners.delete(look)
    })
  }
  const common = (person: DemoPerson, conversationId: string) => ({
    timestamp: new Date().toISOString(),
    channelId: 'msteams',
    serviceUrl,
    from: { id: person.chatId, name: person.name, aadObjectId: person.objectId },
    recipient: DEMO_BOT,
    conversation: { id: conversationId, conversationType: 'personal', tenantId: DEMO_TENANT_ID },
    channelData: { tenant: { id: DEMO_TENANT_ID } },
  })
  const say: TestConnector['say'] = async (hubUrl, asked) => {
    const conversationId = asked.conversationId ?? `test-${randomUUID()}`
    const activity = {
      ...common(asked.person ?? DEMO_PEOPLE[0], conversationId),
      type: 'message',
      id: asked.id ?? randomUUID(),
      textFormat: 'plain',
      text: asked.text,
    }
    const answer = await post(hubUrl, activity)
    return { status: answer.status, conversationId }
  }
  return {
    serviceUrl,
    sent,
    to,
    say,
    first,
    async press(hubUrl, card, title) {
      const action = actionsOf(card.card).find((entry) => entry['title'] === title)
      if (!action) throw new Error(`the card has no button "${title}"`)
      const answer = await post(hubUrl, {
        ...common(DEMO_PEOPLE[0], card.conversationId),
        type: 'invoke',
        name: 'adaptiveCard/action',
        id: randomUUID(),
        replyToId: card.activityId,
        value: { action: { type: 'Action.Execute', verb: action['verb'], data: action['data'] } },
      })
      return answer.json()
    },
    async ask(hubUrl, text) {
      const { status, conversationId } = await say(hubUrl, { text })
      if (status !== 200) throw new Error(`the hub answered ${status}`)
      return { final: await first(conversationId, isFinal), conversationId }
    },
    refuseEdits: (activityId, status) => void refused.set(activityId, status),
    refusePosts: (conversationId, status) => {
      if (status === null) refused.delete(conversationId)
      else refused.set(conversationId, status)
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

/** Reports whether a card will not be edited any more. */
export function isFinal({ card }: Pick<Sent, 'card'>): boolean {
  const kind = cardKind(card)
  if (kind === 'progress') return false
  return kind !== 'summary' || !JSON.stringify(card).includes('"Checking ')
}

/** The verdicts that a card shows, one letter per criterion in their order; `?` for a criterion it does not show. */
export function lettersOf(card: object): string {
  const nodes = nodesOf(card)
  return CRITERIA.map((id) => {
    const word = String(nodes.find((node) => node['id'] === `word-${id}`)?.['text'] ?? '')
    const verdict = (Object.keys(VERDICT_WORDS) as Verdict[]).find((key) => VERDICT_WORDS[key] === word)
    return verdict === undefined ? '?' : letterOf(verdict)
  }).join('')
}

/** All objects in a card. */
export function nodesOf(value: unknown): readonly Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap(nodesOf)
  if (typeof value !== 'object' || value === null) return []
  const node = value as Record<string, unknown>
  return [node, ...Object.values(node).flatMap(nodesOf)]
}

function actionsOf(card: object) {
  return nodesOf(card).filter((node) => node['type'] === 'Action.Execute')
}

function post(hubUrl: string, activity: object): Promise<Response> {
  return fetch(`${hubUrl}/api/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(activity),
  })
}

/** Not chained: restify, where it runs in this process, replaces writeHead by one that returns nothing. */
function answerEmpty(res: ServerResponse, status: number): void {
  if (res.headersSent) return
  res.writeHead(status)
  res.end()
}

async function readJson(req: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString('utf8'))
}
