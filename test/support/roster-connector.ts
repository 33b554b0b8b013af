import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Person } from '../../src/core/chat.ts'
import { nodesOf } from './test-connector.ts'

/** Somebody as the roster of every conversation names them. */
export interface OnRoster extends Person {
  readonly chatId: string
  readonly userRole: 'user' | 'guest' | 'anonymous'
  readonly tenantId: string
}

/** A card as it stands in a conversation. */
export interface Standing {
  readonly id: string
  readonly conversationId: string
  card: object
}

/** The side of Teams that takes messages and says who people are. */
export async function startRosterConnector(roster: readonly OnRoster[]) {
  const standing: Standing[] = []
  let lookUps = 0
  const server = createServer((req, res) => {
    const [, conversationId = '', what = '', id = ''] =
      /^\/v3\/conversations\/([^/]+)\/(activities|members)(?:\/([^/?]+))?/.exec(req.url ?? '') ?? []
    let body = ''
    req.on('data', (chunk) => {
      body += String(chunk)
    })
    req.on('end', () => {
      const answer = (status: number, value: object) => {
        res.statusCode = status
        res.setHeader('content-type', 'application/json')
        res.end(JSON.stringify(value))
      }
      if (what === 'members') {
        lookUps++
        const wanted = decodeURIComponent(id)
        const found = roster.find(({ chatId, objectId }) => chatId === wanted || objectId === wanted)
        if (!found) return answer(404, { error: { code: 'MemberNotFoundInConversation' } })
        const { chatId, objectId, name, userRole, tenantId } = found
        return answer(200, { id: chatId, name, aadObjectId: objectId, userRole, tenantId })
      }
      const card = (JSON.parse(body || '{}') as { attachments?: { content: object }[] }).attachments?.[0]
        ?.content
      const edited = standing.find((entry) => entry.id === decodeURIComponent(id))
      if (req.method === 'PUT' && edited && card) edited.card = card
      const next = `sent-${standing.length + 1}`
      if (req.method === 'POST' && card)
        standing.push({ id: next, conversationId: decodeURIComponent(conversationId), card })
      return answer(200, { id: req.method === 'POST' ? next : id })
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Cards of one conversation, oldest first, as they stand now. */
    in: (conversationId: string) => standing.filter((entry) => entry.conversationId === conversationId),
    lookUps: () => lookUps,
    close: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

/** The data of the button with this title. */
export function buttonOf(card: object, title: string): unknown {
  const found = nodesOf(card).find((node) => node['type'] === 'Action.Execute' && node['title'] === title)
  if (!found) throw new Error(`the card has no button "${title}"`)
  return found['data']
}
