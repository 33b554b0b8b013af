import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Agent, request } from 'undici'
import { cardKind, cardLines } from '../../src/cards/card-text.ts'
import { DEMO_BOT, DEMO_TENANT_ID } from '../../src/local/connector/people.ts'

/** A card as it arrived. */
export interface Arrived {
  /** `performance.now()` when its last byte was in. */
  readonly at: number
  readonly isPost: boolean
  readonly kind: string
  /** It shows the verdict of at least one criterion. */
  readonly hasVerdict: boolean
}

/** Somebody who speaks with the bot in a personal chat of their own. */
export interface Chatter {
  readonly conversationId: string
  readonly objectId: string
  readonly name: string
}

/** Teams as the hub sees it: it delivers messages, and notes when which card arrives in which conversation. */
export interface TeamsStandIn {
  /** Delivers a message; gives `performance.now()` just before it left. */
  say(hubUrl: string, who: Chatter, text: string): Promise<number>
  /** Cards of a conversation, in the order of their arrival. */
  cardsOf(conversationId: string): readonly Arrived[]
  close(): Promise<void>
}

/** A measured criterion's verdict, on a result's line or a progress card's row; vouched ones are known at once. */
const VERDICT =
  /(local-egress|local-dns|nearest-front-door|no-hairpin|no-proxy-or-inspection|Local egress|Local DNS|Nearest front door|No hairpin|No proxy or inspection) (pass|fail|unproven)\b/

export async function startTeamsStandIn(): Promise<TeamsStandIn> {
  const cards = new Map<string, Arrived[]>()
  const server = createServer(async (req, res) => {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk as Buffer)
    const at = performance.now()
    const [, conversation = '', activity = ''] =
      /\/v3\/conversations\/([^/]+)\/activities(?:\/([^/?]+))?/.exec(req.url ?? '') ?? []
    const id = req.method === 'PUT' ? decodeURIComponent(activity) : randomUUID()
    res.writeHead(req.method === 'PUT' ? 200 : 201, { 'content-type': 'application/json' })
    res.end(JSON.stringify({ id }))
    const card = cardIn(Buffer.concat(chunks).toString('utf8'))
    if (card === null) return
    const key = decodeURIComponent(conversation)
    const arrived = cards.get(key) ?? []
    cards.set(key, arrived)
    arrived.push({
      at,
      isPost: req.method === 'POST',
      kind: cardKind(card) ?? '',
      hasVerdict: cardLines(card).some((line) => VERDICT.test(line)),
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const serviceUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const dispatcher = new Agent()
  return {
    cardsOf: (conversationId) => cards.get(conversationId) ?? [],
    async say(hubUrl, who, text) {
      const activity = {
        type: 'message',
        id: randomUUID(),
        timestamp: new Date().toISOString(),
        channelId: 'msteams',
        serviceUrl,
        from: { id: `29:${who.objectId}`, name: who.name, aadObjectId: who.objectId },
        recipient: DEMO_BOT,
        conversation: { id: who.conversationId, conversationType: 'personal', tenantId: DEMO_TENANT_ID },
        channelData: { tenant: { id: DEMO_TENANT_ID } },
        textFormat: 'plain',
        text,
      }
      const body = JSON.stringify(activity)
      const at = performance.now()
      const answer = await request(`${hubUrl}/api/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        dispatcher,
      })
      await answer.body.dump()
      if (answer.statusCode !== 200) throw new Error(`the hub answered a message with ${answer.statusCode}`)
      return at
    },
    async close() {
      await dispatcher.close()
      server.close()
      server.closeAllConnections()
    },
  }
}

function cardIn(body: string): object | null {
  try {
    const { attachments } = JSON.parse(body) as { attachments?: { content?: unknown }[] }
    const content = attachments?.[0]?.content
    return typeof content === 'object' && content !== null ? content : null
  } catch {
    return null
  }
}
