import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cardKind, cardLines } from '../../src/cards/card-text.ts'
import type { Owed } from '../../src/core/measurement.ts'
import { freePort } from '../../src/local/ports.ts'
import { ROUTES } from '../../src/wire/routes.ts'
import { ANA } from '../support/check-kit.ts'
import { HandRunner, seed, startConnector, startTestHub } from '../support/hub-kit.ts'
import { scratch } from '../support/scratch.ts'
import { until } from '../support/settle.ts'
import { nodesOf } from '../support/test-connector.ts'
import { activity } from '../teams/activities.ts'

const TWELVE = Array.from({ length: 12 }, (_, at) => `site-${String.fromCharCode(97 + at)}`)

const folders = scratch('doorstep-checks-')
let hub: Awaited<ReturnType<typeof startTestHub>>
let connector: Awaited<ReturnType<typeof startConnector>>
let codes: Map<string, string>
let said = 0

beforeAll(async () => {
  const folder = await folders.make()
  codes = await seed(folder, TWELVE)
  connector = await startConnector()
  hub = await startTestHub(folder, await freePort())
})
afterAll(async () => {
  await hub.close()
  await connector.close()
  await folders.remove()
})

async function deliver(parts: object): Promise<unknown> {
  const answer = await fetch(`${hub.url}/api/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(
      activity({
        id: `m-${++said}`,
        timestamp: new Date().toISOString(),
        serviceUrl: connector.url,
        from: { id: '29:ana', name: 'Ana Diaz', aadObjectId: ANA.objectId },
        ...parts,
      }),
    ),
  })
  expect(answer.status).toBe(200)
  const text = await answer.text()
  return text === '' ? null : JSON.parse(text)
}
const say = (text: string) => deliver({ text })

/** The newest card of a kind, with the id under which it stands. */
function newest(kind: string): { readonly id: string; readonly card: object } {
  const [id, card] = connector.standing().findLast(([, card]) => cardKind(card) === kind) ?? []
  if (id === undefined || !card) throw new Error(`no card of kind ${kind}`)
  return { id, card }
}
const press = ({ id, card }: { id: string; card: object }, title: string, inputs: object = {}) => {
  const button = nodesOf(card).find((node) => node['type'] === 'Action.Execute' && node['title'] === title)
  if (!button) throw new Error(`no button ${title}`)
  return deliver({
    type: 'invoke',
    name: 'adaptiveCard/action',
    replyToId: id,
    value: {
      action: {
        type: 'Action.Execute',
        verb: 'doorstep',
        data: { ...(button['data'] as object), ...inputs },
      },
    },
  })
}
const textOf = (card: object) => cardLines(card).join('\n')
const shows = (kind: string, text: string) =>
  until(async () =>
    connector.cards().some((card) => cardKind(card) === kind && JSON.stringify(card).includes(text)),
  )

describe('a check of twelve offices, over HTTP', () => {
  it('is shown first, run once, summed up on one card whose pages turn in place', async () => {
    await say('check all')
    await shows('dry-run', 'Check 12')
    expect(connector.cards().some((card) => cardKind(card) === 'summary')).toBe(false)
    const dry = newest('dry-run')
    await press(dry, 'Run')
    await press(dry, 'Run')
    await shows('summary', '12\u00A0offices checked')
    const summary = newest('summary')
    expect(connector.cards().filter((card) => cardKind(card) === 'summary')).toHaveLength(1)
    expect(textOf(summary.card)).toContain('Site-a')
    expect(textOf(summary.card)).not.toContain('Site-k')
    await press(summary, 'Next')
    await shows('summary', '11 to 12 of 12')
    const second = newest('summary')
    expect(second.id).toBe(summary.id)
    expect(textOf(second.card)).toContain('Site-k')
    await press(second, 'Back')
    await shows('summary', '1 to 10 of 12')
    expect(connector.cards().filter((card) => cardKind(card) === 'summary')).toHaveLength(1)
  })

  it('is narrowed to a few, which then begin at once', async () => {
    await say('check all - Site-a')
    await shows('dry-run', 'Check 11')
    const dry = newest('dry-run')
    await press(dry, 'Narrow')
    await shows('form', 'Which offices?')
    const form = newest('form')
    expect(form.id).toBe(dry.id)
    await press(form, 'Show', { which: 'Site-c + Site-x' })
    await shows('form', 'No office is called')
    await press(newest('form'), 'Show', { which: 'Site-c + Site-d' })
    await shows('summary', '2\u00A0offices checked')
  })
})

describe('a check that is stopped, over HTTP', () => {
  it('ends as stopped, takes the work from the runner, and is checked again by recheck', async () => {
    const runner = await HandRunner.make(hub.url)
    await runner.enrol(codes.get('site-b') ?? '')
    await runner.hello()
    const polled = runner.poll()
    await until(async () => {
      const health = (await (await fetch(`${hub.url}/healthz`)).json()) as { runnersOnline: string[] }
      return health.runnersOnline.includes('site-b-1')
    })
    await say('check Site-b')
    const { body } = await polled
    const [job] = (body as { jobs: { checkId: string; owed: Owed[] }[] }).jobs
    const [first, second] = job?.owed ?? []
    if (!job || !first || !second) throw new Error('no work')
    await runner.post(ROUTES.measurement, runner.message(job.checkId, first))
    await shows('progress', 'Checking')
    await say('cancel')
    await shows('cancelled', 'was stopped')
    expect(textOf(newest('cancelled').card)).toContain('1 of 8 measurements was in')
    // What the runner was in the middle of is kept beside the check, as what comes after any end.
    expect(await runner.post(ROUTES.measurement, runner.message(job.checkId, second))).toMatchObject({
      status: 409,
    })
    const again = runner.poll()
    await say('recheck')
    const next = (await again).body as { jobs: { checkId: string }[] }
    expect(next.jobs.map(({ checkId }) => checkId)).not.toContain(job.checkId)
    expect(next.jobs).toHaveLength(1)
    await shows('progress', 'Checking')
    await press(newest('progress'), 'Cancel')
    await until(async () => connector.cards().filter((card) => cardKind(card) === 'cancelled').length === 2)
  })

  it('says about itself how it is doing, and names no host', async () => {
    await say('about')
    await shows('about', 'Doorstep')
    const text = textOf(newest('about').card)
    expect(text).toContain('off: only its own machine is served')
    expect(text).not.toMatch(/127\.0\.0\.1|localhost|http/)
  })
})
