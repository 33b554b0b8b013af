import type { RunnerShown } from '../../cards/band.ts'
import type { CardButton } from '../../cards/buttons.ts'
import { progressCard } from '../../cards/progress-card.ts'
import type { RenderedCard } from '../../cards/render-card.ts'
import { resultCard } from '../../cards/result-card.ts'
import { type SummaryView, summaryCard, summaryPages } from '../../cards/summary-card.ts'
import { worstCriterion } from '../../cards/wording.ts'
import { CANCEL_COMMAND } from '../../commands/cancel.ts'
import type { Verb } from '../../core/authority.ts'
import type { Person } from '../../core/chat.ts'
import { type Check, isClosed } from '../../core/check.ts'
import { shortId } from '../../core/ids.ts'
import { listShown } from '../../core/list-version.ts'
import type { Office } from '../../core/office.ts'
import type { Runner, RunnerStatus } from '../../core/runner.ts'
import { t } from '../../core/t.ts'
import { CRITERIA } from '../../core/verdict.ts'
import { assessmentOf } from '../../criteria/assessment.ts'
import { CRITERIA_BY_ID } from '../../criteria/registry.ts'
import type { OfferButton } from '../offer-button.ts'
import type { CheckContext } from './check-context.ts'
import type { Judgement } from './judge-check.ts'
import { isSilentIn } from './latest-of.ts'
import { hasVerdict, statesOf } from './rows-so-far.ts'
import { howOffered, rulingOffers } from './ruling-offers.ts'

/** What a check's card is drawn from: nothing else, so that it can be drawn again at any time. */
export interface CheckView {
  readonly check: Check
  readonly context: CheckContext
  readonly judgements: readonly Judgement[]
  /** Which of the check's places this card is for. */
  readonly place: number
  /** The card may stand a second time: the first post was never confirmed. */
  readonly resent: boolean
}

/** The check's living card, at any moment of its life. */
export interface CheckCards {
  progress(view: CheckView): Promise<RenderedCard>
  final(view: CheckView): Promise<RenderedCard>
  /** Reports whether a progress card drawn now would show a verdict that rests on measurements; `judge` is seldom called. */
  hasVerdict(check: Check, judge: () => Judgement | undefined): boolean
  /** One page of a check of several offices that ended. */
  page(view: Pick<CheckView, 'check' | 'context' | 'judgements'>, at: Page): Promise<RenderedCard>
}

/** Which page of a summary, and for whom. */
export interface Page {
  readonly conversationId: string
  /** The first is 1; beyond the last is the last. */
  readonly page: number
  readonly mayShow: (officeId: string) => boolean
}

/** Zone in which the times of cards about several offices are told. */
const SUMMARY_ZONE = 'UTC'

/** Reports whether the person may change an office; the click asks again, about whoever clicks. */
export type MayEdit = (person: Person, office: Office) => Promise<boolean>

/** Draws checks. Buttons are stored once per card and place, and kept for the next drawing. */
export function checkCards(
  offer: OfferButton,
  statusOf: (runner: Runner) => RunnerStatus,
  mayEdit: MayEdit,
): CheckCards {
  const offered = new Map<string, Promise<readonly CardButton[]>>()

  const buttons = (view: CheckView, wanted: readonly Wanted[]) => {
    const { check } = view
    const conversationId = check.places[view.place]?.conversation.conversationId ?? ''
    const key = `${check.id} ${view.place} ${wanted.map(([title]) => title).join(',')}`
    const known = offered.get(key)
    if (known) return known
    const made = Promise.all(
      wanted.map(([title, verb, command, keep]) =>
        offer(conversationId, title, verb, command, howOffered(verb, keep)),
      ),
    )
    offered.set(key, made)
    if (offered.size > KEPT_BUTTONS) offered.delete(offered.keys().next().value ?? '')
    return made
  }

  return {
    hasVerdict,
    async progress(view) {
      const office = onlyOffice(view)
      const { check, context, judgements } = view
      const stop = await buttons(view, [['Cancel', 'cancel', CANCEL_COMMAND, check.id]])
      if (!office) return summary(view, shownId(view), { buttons: stop, ...leftOutOf(view) })
      return progressCard({
        office,
        criteria: judgements[0] ? statesOf(check, judgements[0]) : [],
        received: Object.keys(check.measurements).length,
        owed: check.owed.length,
        askedAt: check.createdAt,
        deadlineAt: check.deadline,
        askedBy: check.places[view.place]?.askedBy.name ?? '',
        runners: runnersShown(context, office, check, statusOf),
        checkId: shownId(view),
        ...leftOutOf(view),
        buttons: stop,
      })
    },
    async final(view) {
      const { check, context, judgements } = view
      const office = onlyOffice(view)
      const judgement = judgements[0]
      if (!office || !judgement) {
        const wanted: readonly Wanted[] = [
          ...(summaryPages(check.officeIds.length) > 1 ? [pageButton('Next', check.id, 2)] : []),
          ['Recheck', 'check', 'recheck'],
          ['Status', 'status', 'status'],
        ]
        return summary(view, shownId(view), { buttons: await buttons(view, wanted), ...leftOutOf(view) })
      }
      if (check.cancelledBy !== undefined) {
        return progressCard({
          office,
          criteria: judgement.rulings,
          received: Object.keys(check.measurements).length,
          owed: check.owed.length,
          askedAt: check.createdAt,
          deadlineAt: check.deadline,
          runners: runnersShown(context, office, check, statusOf),
          checkId: shownId(view),
          cancelled: { by: check.cancelledBy.name, at: check.closedAt ?? check.deadline },
          ...leftOutOf(view),
          buttons: await buttons(view, [[t`Check again`, 'check', `check office ${office.name}`]]),
        })
      }
      // Of a ready office too: what a pass rests on is worth a look.
      const asked = check.places[view.place]?.askedBy
      const explained = worstCriterion(judgement.rulings) ?? CRITERIA[0]
      const wanted = [
        [t`Check again`, 'check', `check office ${office.name}`],
        ['Why', 'why', `why office ${office.name} ${explained}`],
        ...(asked !== undefined && (await mayEdit(asked, office))
          ? rulingOffers(office, judgement.rulings)
          : []),
      ] as const
      const before = context.latest.find((entry) => entry.officeId === office.id)
      const assessment = assessmentOf(judgement.evidence)
      const since = before?.readiness === judgement.readiness ? before.since : undefined
      return resultCard({
        office,
        rulings: judgement.rulings,
        judgedAt: check.closedAt ?? check.deadline,
        ...(since === undefined ? {} : { since }),
        ...(assessment === null ? {} : { assessment }),
        runners: runnersShown(context, office, check, statusOf),
        listVersion: listShown(judgement.evidence.listVersions),
        rulesVersion: rulesVersion(),
        checkId: shownId(view),
        ...leftOutOf(view),
        buttons: await buttons(view, wanted),
      })
    },
    async page(view, { conversationId, page, mayShow }) {
      const { check } = view
      const shown = check.officeIds.filter(mayShow)
      const pages = summaryPages(shown.length)
      const here = Math.min(page, pages)
      const wanted: readonly Wanted[] = [
        ...(here > 1 ? [pageButton('Back', check.id, here - 1)] : []),
        ...(here < pages ? [pageButton('Next', check.id, here + 1)] : []),
        ['Status', 'status', 'status'],
      ]
      const made = wanted.map(([title, verb, command, keep]) =>
        offer(conversationId, title, verb, command, keep === undefined ? {} : { keep }),
      )
      return summary(view, shortId(check.id), { page: here, only: shown, buttons: await Promise.all(made) })
    },
  }
}

/** A button's title, what it does, and what it keeps. */
type Wanted = readonly [title: string, verb: Verb, command: string, keep?: string]

function pageButton(title: string, checkId: string, page: number): Wanted {
  return [title, 'status', `summary page ${page}`, checkId]
}

function leftOutOf({ check, place }: CheckView): { readonly leftOut?: number } {
  const leftOut = check.places[place]?.leftOut
  return leftOut === undefined ? {} : { leftOut }
}

/** Buttons remembered at once: a few per running check, and some hundred checks may run. */
const KEPT_BUTTONS = 2_000

/** The versions of all rules as one number: it changes when any of them does. */
export function rulesVersion(): string {
  return String(CRITERIA.reduce((sum, id) => sum + CRITERIA_BY_ID[id].version, 0) - CRITERIA.length + 1)
}

function shownId({ check, resent }: CheckView): string {
  return resent ? t`${shortId(check.id)} (re-sent)` : shortId(check.id)
}

function onlyOffice({ check, context }: CheckView): Office | undefined {
  if (check.officeIds.length !== 1) return undefined
  return context.offices.find((office) => office.id === check.officeIds[0])
}

function summary(
  { check, context, judgements }: Pick<CheckView, 'check' | 'context' | 'judgements'>,
  checkId: string,
  {
    only = check.officeIds,
    ...rest
  }: Pick<SummaryView, 'page' | 'leftOut' | 'buttons'> & { readonly only?: readonly string[] },
): RenderedCard {
  const byId = new Map(context.offices.map((office) => [office.id, office]))
  const offices = only.flatMap((id) => byId.get(id) ?? [])
  return summaryCard({
    offices: offices.map((office) => {
      const judgement = judgements.find((entry) => entry.officeId === office.id)
      const isIn = judgement !== undefined && (isClosed(check) || hasAllOf(check, office.id))
      const worst = isIn ? worstCriterion(judgement.rulings) : null
      return {
        id: office.id,
        name: office.name,
        readiness: isIn ? judgement.readiness : null,
        says: judgement?.rulings.find((ruling) => ruling.criterion === worst)?.because ?? '',
      }
    }),
    at: check.closedAt ?? check.createdAt,
    timeZone: SUMMARY_ZONE,
    checkId,
    inWorlds: offices.filter((office) => office.world !== null).length,
    ...(check.cancelledBy === undefined ? {} : { cancelledBy: check.cancelledBy.name }),
    ...rest,
  })
}

function hasAllOf(check: Check, officeId: string): boolean {
  const owed = check.owed.filter((entry) => entry.officeId === officeId)
  return owed.length > 0 && owed.every((entry) => check.measurements[entry.measurementId] !== undefined)
}

function runnersShown(
  context: CheckContext,
  office: Office,
  check: Check,
  statusOf: (runner: Runner) => RunnerStatus,
): readonly RunnerShown[] {
  return context.runners
    .filter((runner) => runner.officeId === office.id)
    .map((runner) => {
      const planned = check.owed.some((owed) => owed.runnerId === runner.id)
      const silent = planned && isSilentIn(check, runner.id)
      const status = silent ? 'silent' : planned ? 'online' : statusOf(runner)
      return { name: runner.name, status, ...(runner.quarantined ? { quarantined: true } : {}) }
    })
}
