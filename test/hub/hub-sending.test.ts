import { afterAll, beforeAll, expect, it } from 'vitest'
import { freePort } from '../../src/local/ports.ts'
import { ANA, BO } from '../support/check-kit.ts'
import { type FaultConnector, startFaultConnector } from '../support/fault-connector.ts'
import { startTestHub } from '../support/hub-kit.ts'
import { scratch } from '../support/scratch.ts'
import { until } from '../support/settle.ts'
import { realClock } from '../support/test-clock.ts'
import { activity } from '../teams/activities.ts'

const folders = scratch('doorstep-sending-')
let connector: FaultConnector
let hub: Awaited<ReturnType<typeof startTestHub>>
let said = 0

beforeAll(async () => {
  connector = await startFaultConnector(realClock)
  hub = await startTestHub(await folders.make(), await freePort())
})
afterAll(async () => {
  await hub.close()
  await connector.close()
  await folders.remove()
})

async function say(
  person: typeof ANA,
  id: string,
  conversationType: 'personal' | 'groupChat',
): Promise<void> {
  const plain = activity({})
  const body = activity({
    id: `m-${++said}`,
    timestamp: new Date().toISOString(),
    serviceUrl: connector.url,
    from: { id: `29:${person.name}`, name: person.name, aadObjectId: person.objectId },
    conversation: { ...(plain['conversation'] as object), id, conversationType },
    text: 'help',
  })
  const answer = await fetch(`${hub.url}/api/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(answer.status).toBe(200)
}

/** Posts that were tried, in a conversation. */
const postsTo = (id: string) =>
  connector.asked.filter(({ url }) =>
    decodeURIComponent(url).startsWith(`/v3/conversations/${id}/activities`),
  ).length

it('a chat that the bot was removed from is told to an admin, and lives again once somebody speaks there', async () => {
  await say(ANA, 'a:ana', 'personal')
  await until(() => postsTo('a:ana') === 1)
  // First the roster is asked who this is.
  connector.fail([
    { kind: 'says', text: '{}' },
    { kind: 'status', status: 403 },
  ])
  await say(BO, '19:group', 'groupChat')
  await until(() => postsTo('a:ana') === 2)
  expect(connector.standing.join('\n')).toContain('can no longer write to a group chat')
  expect(postsTo('19:group')).toBe(1)
  await say(BO, '19:group', 'groupChat')
  await until(() => postsTo('19:group') > 1)
})
