import { refusalCard } from '../cards/refusal-card.ts'
import { outside } from '../cards/text.ts'
import { countText } from '../cards/wording.ts'
import type { Permission } from '../core/authority.ts'
import type { Office } from '../core/office.ts'
import { t } from '../core/t.ts'
import type { CheckUnderWay } from './checks-here.ts'
import type { Answer, Command, CommandContext } from './command.ts'
import { matchOffice } from './match-office.ts'
import { notAllowed, officeOr } from './refusals.ts'
import { restOf } from './words.ts'

/** Checks offered where several run: what Teams shows without a menu. */
const MAX_OFFERED = 5

/** What a Cancel button stands for; it keeps the id of its check. */
export const CANCEL_COMMAND = 'cancel this check'

/** `cancel`: stops the check that runs here; `cancel Seattle` one that runs anywhere. */
export const cancel: Command<{ readonly typed: string; readonly checkId: string | null }> = {
  name: 'cancel',
  forms: ['cancel', 'cancel <office>'],
  summary: t`Stops a check that is running. What was measured by then is shown, and is no verdict.`,
  examples: [{ say: 'cancel', get: t`the check that runs here ends now` }],
  group: 'Check',
  verb: 'cancel',
  card: 'progress',
  read(words, { kept }) {
    if (words.folded[0] !== 'cancel') return { kind: 'not-mine' }
    const byButton = words.folded.join(' ') === CANCEL_COMMAND
    return { kind: 'args', args: { typed: restOf(words, 1), checkId: byButton ? kept : null } }
  },
  async handle({ typed, checkId }, context) {
    const underWay = context.checks.underWay()
    const byId = underWay.filter(({ id }) => id === checkId)
    if (checkId !== null) return byId[0] ? stop(byId[0], context) : over()
    if (typed === '') {
      return oneOf(
        underWay.filter(({ here }) => here),
        t`No check is running here`,
        context,
      )
    }
    const offices = await context.offices()
    // `office` may be a word of ours, or the first one of the name.
    const isName = matchOffice(offices, typed).kind === 'one'
    const name = isName ? typed : typed.replace(/^office /i, '')
    const found = await officeOr(name, offices, context, {
      verb: 'check',
      title: (name) => t`Check ${name}`,
      command: (name) => `check office ${name}`,
    })
    if ('answer' in found) return found.answer
    const allowed = context.may('status', found.office)
    if (!allowed.ok) return notAllowed(allowed)
    return oneOf(
      underWay.filter(({ officeIds }) => officeIds.includes(found.office.id)),
      t`No check of ${outside(found.office.name)} is running`,
      context,
      found.office,
    )
  },
}

/** Stops the only one; asks which where there are several, or where more would stop than was named. */
async function oneOf(
  checks: readonly CheckUnderWay[],
  none: string,
  context: CommandContext,
  named: Office | null = null,
): Promise<Answer> {
  const [only] = checks
  if (only === undefined) return refused(none, t`Nothing was changed.`)
  if (checks.length === 1 && (named === null || only.officeIds.length === 1)) return stop(only, context)
  const offices = await context.offices()
  const mine = checks.filter((check) => mayStop(check, offices, context).ok)
  if (mine.length === 0) return stop(only, context)
  const buttons = await Promise.all(
    mine.slice(0, MAX_OFFERED).map((check) => {
      const [first] = check.officeIds
      const name = offices.find(({ id }) => id === first)?.name ?? ''
      const what = check.officeIds.length === 1 ? name : countText(check.officeIds.length, 'office')
      return context.offer(t`Stop ${what}`, 'cancel', CANCEL_COMMAND, { keep: check.id })
    }),
  )
  const card = refusalCard({
    happened: mine.length === 1 ? t`That check is of several offices` : t`Several checks are running`,
    why: t`Nothing was stopped.`,
    todo: mine.length === 1 ? t`Press to stop all of it.` : t`Which one?`,
    buttons,
  })
  return { kind: 'card', card, refused: true }
}

async function stop(check: CheckUnderWay, context: CommandContext): Promise<Answer> {
  const offices = await context.offices()
  const allowed = mayStop(check, offices, context)
  if (!allowed.ok) return notAllowed(allowed)
  if (!(await context.checks.cancel(check.id))) return over()
  const card = refusalCard({
    happened: t`The check is stopped`,
    why: t`${outside(check.askedBy.name)} had asked for it. Its card shows what was measured by then; no verdict was kept.`,
    todo: t`Say recheck to run it again.`,
  })
  return { kind: 'card', card }
}

/** Whoever asked for it may; anybody else takes the role for every office of it. */
function mayStop(check: CheckUnderWay, offices: readonly Office[], context: CommandContext): Permission {
  if (check.askedBy.objectId === context.person.objectId) return { ok: true }
  const its = offices.filter(({ id }) => check.officeIds.includes(id))
  const answers = its.length > 0 ? its.map((office) => context.may('cancel', office)) : []
  return answers.find(({ ok }) => !ok) ?? answers[0] ?? context.may('cancel', null)
}

function over(): Answer {
  return refused(t`That check is over`, t`Nothing was changed: its card shows the result.`)
}

function refused(happened: string, why: string): Answer {
  return { kind: 'card', card: refusalCard({ happened, why }), refused: true }
}
