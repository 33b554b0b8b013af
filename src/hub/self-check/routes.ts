import { helpDeskText, OUTCOME_WORDS, selfText } from '../../cards/self-check-text.ts'
import { visible } from '../../cards/text.ts'
import type { SelfCheckConfig } from '../../config/self-check-config.ts'
import { parseRange } from '../../core/cidr.ts'
import type { Clock, Random } from '../../core/ports.ts'
import type { SelfCheck, SelfPlan, SelfResult } from '../../core/self-check.ts'
import { judgeSelfCheck } from '../../core/self-judgement.ts'
import { readMessage } from '../../wire/read-message.ts'
import {
  readSelfCode,
  SELF_COMMAND_LIMIT,
  SELF_PAGE_LIMIT,
  SELF_ROUTES,
  type SelfBegun,
  type SelfTold,
  selfBeginSchema,
  selfMeasuredSchema,
  selfPageSchema,
  selfSpendSchema,
} from '../../wire/self-check.ts'
import type { DeskLog } from '../check/check-desk.ts'
import { type HubRequest, type HubResponse, type HubRoute, refusal } from '../http/types.ts'
import { EnrollThrottle } from '../runners/enroll-throttle.ts'
import { type CommandParts, judgeSelf, planSelf } from './by-command.ts'
import { gatherSelf, officeFor, type SelfContext } from './gather.ts'
import type { PageFile } from './page-files.ts'
import { pageHeaders } from './page-headers.ts'
import type { SelfChecks } from './self-checks.ts'
import type { ReadSightings } from './sightings.ts'

export interface SelfRoutesDeps {
  readonly selfChecks: Pick<SelfChecks, 'begin' | 'seenAt' | 'byKey' | 'finish'>
  readonly config: SelfCheckConfig
  readonly origin: string
  readonly files: readonly PageFile[]
  /** What self-checks of a world (null: the real Internet) are set beside. */
  readonly contextOf: (world: string | null) => Promise<SelfContext & CommandParts>
  /** Null: there is no beacon. */
  readonly sightings: ReadSightings | null
  readonly clock: Clock
  readonly random: Random
  readonly log: DeskLog
}

/** A command measures for this long at most: the deadline of a check. */
const COMMAND_MS = 60_000

/** One answer for a code that is unknown, spent or too old: nobody learns which. */
const REFUSED: HubResponse = { status: 403, body: { error: 'link-refused' } }
/** The key leads to nothing any more: forgotten, or its time ran out. */
const OVER: HubResponse = { status: 410, body: { error: 'over' } }

/**
 * The addresses of self-checks. The page and its files are the same for everybody and hold nothing; a code is spent by a
 * POST alone, and it is the only credential: no cookie, nothing that a browser sends by itself.
 */
export function selfRoutes(deps: SelfRoutesDeps): readonly HubRoute[] {
  const { selfChecks, config, files, clock, random, sightings, contextOf, log } = deps
  const headers = pageHeaders(deps.origin, config)
  const throttle = new EnrollThrottle()

  const post = (
    path: string,
    limitBytes: number,
    handle: (request: HubRequest) => Promise<HubResponse>,
  ): HubRoute => ({
    method: 'POST',
    path,
    limitBytes,
    handle: async (request) => {
      const site = request.headers['sec-fetch-site']
      // Browsers say where a request comes from; programs say nothing.
      const answered = site !== undefined && site !== 'same-origin' ? refusal(403) : await handle(request)
      return { ...answered, headers: { ...headers, ...answered.headers } }
    },
  })

  /** Counts what was no good code, by address: after ten in a minute nothing of it is listened to. */
  const guarded = async (address: string, begin: () => Promise<HubResponse | null>): Promise<HubResponse> => {
    const who = throttledBy(address)
    if (!throttle.allows(who, null, clock.now())) return refusal(429, { 'retry-after': '60' })
    const answered = await begin()
    if (answered !== null) return answered
    throttle.failed(who, null, clock.now())
    log.warn({ address }, 'a self-check was refused')
    return REFUSED
  }

  const spend = (request: HubRequest) =>
    guarded(request.remoteAddress, async () => {
      const read = selfSpendSchema.safeParse(request.body)
      if (!read.success) return null
      const begun = await selfChecks.begin(read.data.code, request.remoteAddress)
      if (begun === null || begun.check.keyHash === null) return null
      return { status: 200, body: told(begun.key, begun.check.keyHash, begun.check) }
    })

  const told = (key: string, keyHash: string, { nonces }: SelfCheck) => ({
    key,
    doors: config.doors,
    seen: [config.v4, config.v6].flatMap((origin) =>
      origin === null ? [] : [`${origin}${SELF_ROUTES.seen}/${keyHash}`],
    ),
    names: config.beacon === null ? [] : nonces.map((nonce) => `${nonce}.${config.beacon?.zone ?? ''}`),
  })

  const result = async (request: HubRequest): Promise<HubResponse> => {
    const read = selfPageSchema.safeParse(request.body)
    if (!read.success) return refusal(400)
    const { key, ...page } = read.data
    const check = await selfChecks.byKey(key)
    if (check === null || check.plan !== null) return OVER
    if (check.result !== null) return shown(check, check.result)
    if (check.state !== 'running') return OVER
    const evidence = gatherSelf(
      {
        named: check.officeId,
        page,
        egress: [...new Set([...check.seen, request.remoteAddress])],
        resolvers: sightings === null ? null : await sightings(check.nonces),
        asked: config.doors.map(({ name }) => name),
      },
      await contextOf(null),
    )
    const judgement = judgeSelfCheck(evidence)
    return shown(
      check,
      await selfChecks.finish(check, { kind: 'page', at: clock.now(), evidence, judgement }),
    )
  }

  const begin = (request: HubRequest) =>
    guarded(request.remoteAddress, async () => {
      const read = readMessage(selfBeginSchema, request.rawBody, SELF_COMMAND_LIMIT)
      if (!read.ok || readSelfCode(read.message.code) === null) return null
      const { code, world, timeZone } = read.message
      const context = await contextOf(world)
      const made: { plan: SelfPlan | null } = { plan: null }
      const begun = await selfChecks.begin(code, request.remoteAddress, async (check) => {
        const who = { named: check.officeId, timeZone, egress: [request.remoteAddress] }
        made.plan = planSelf(check, read.message, officeFor(who, context), { ...context, random })
        return made.plan
      })
      if (begun === null || made.plan === null) return null
      const { owed, already, officeId } = made.plan
      const known = new Set(already.map(({ measurementId }) => measurementId))
      const now = clock.now()
      const body: SelfBegun = {
        v: 1,
        key: begun.key,
        now,
        office: context.offices.find(({ id }) => id === officeId)?.name.slice(0, 100) ?? null,
        job: {
          checkId: begun.check.id,
          attempt: 1,
          deadline: now + COMMAND_MS,
          owed: owed
            .filter(({ measurementId }) => !known.has(measurementId))
            .map(({ measurementId, probe, params }) => ({ measurementId, probe, params })),
        },
      }
      return { status: 200, body }
    })

  const measured = async (request: HubRequest): Promise<HubResponse> => {
    const read = readMessage(selfMeasuredSchema, request.rawBody, SELF_COMMAND_LIMIT)
    if (!read.ok) return refusal(400)
    const check = await selfChecks.byKey(read.message.key)
    const plan = check?.plan ?? null
    if (check === null || plan === null) return OVER
    if (check.result !== null) return lines(check.result)
    if (check.state !== 'running') return OVER
    const judged = judgeSelf(check, plan, read.message, await contextOf(plan.world))
    return lines(await selfChecks.finish(check, judged))
  }

  const seen: HubRoute = {
    method: 'GET',
    path: `${SELF_ROUTES.seen}/:id`,
    handle: async ({ params, remoteAddress }) => {
      const id = params['id'] ?? ''
      const known = /^[0-9a-f]{64}$/.test(id) && (await selfChecks.seenAt(id, remoteAddress))
      // It is asked for by the page, which stands on another name of this hub.
      const open = { ...headers, 'cross-origin-resource-policy': 'cross-origin' }
      return known ? { status: 204, headers: open } : refusal(404, open)
    },
  }

  return [
    ...files.flatMap(({ path, type, bytes }) =>
      (['GET', 'HEAD'] as const).map(
        (method): HubRoute => ({
          method,
          path,
          handle: async () => ({ status: 200, headers, content: { type, bytes } }),
        }),
      ),
    ),
    seen,
    post(SELF_ROUTES.spend, SELF_PAGE_LIMIT, spend),
    post(SELF_ROUTES.result, SELF_PAGE_LIMIT, result),
    post(SELF_ROUTES.begin, SELF_PAGE_LIMIT, begin),
    post(SELF_ROUTES.measured, SELF_COMMAND_LIMIT, measured),
  ]
}

/** What the page shows: the sentences of the card. */
function shown({ person, timeZone }: SelfCheck, result: SelfResult | null): HubResponse {
  if (result === null) return OVER
  const { lines: all, ...text } = selfText(result)
  const body = {
    ...text,
    lines: all.map((line) => ({ ...line, word: OUTCOME_WORDS[line.state] })),
    copy: helpDeskText(result, { name: person.name, timeZone }),
  }
  return { status: 200, body }
}

/** What the command prints: the same without marks. */
function lines(result: SelfResult | null): HubResponse {
  if (result === null) return OVER
  const body: SelfTold = { v: 1, lines: plainLines(result) }
  return { status: 200, body }
}

function plainLines(result: SelfResult): string[] {
  const text = selfText(result)
  return [
    `${text.title}. ${text.todo}`,
    ...text.lines.map(({ about, state, says }) => `${about}: ${OUTCOME_WORDS[state]}. ${says}`),
    `${text.compare} ${text.office}`.trim(),
    text.blind,
  ].map((line) => visible(line).slice(0, 2_000))
}

/** One household or office line of IPv6 has a /64 at least: its 2^64 addresses count as one. */
function throttledBy(address: string): string {
  const range = address.includes(':') ? parseRange(`${address}/64`) : null
  return range === null ? address : `${range.first}/64`
}
