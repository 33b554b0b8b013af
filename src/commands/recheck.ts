import { refusalCard } from '../cards/refusal-card.ts'
import { t } from '../core/t.ts'
import { check } from './check.ts'
import type { Answer, Command, CommandContext } from './command.ts'
import { NO_EXTRAS } from './command.ts'
import { AT_ONCE_MAX, dryRun } from './dry-run.ts'
import { notAllowed } from './refusals.ts'
import { readWords, restOf } from './words.ts'

/** `recheck`: what the last check here found wanting, again; `recheck Seattle` is `check Seattle`. */
export const recheck: Command<{ readonly typed: string }> = {
  name: 'recheck',
  forms: ['recheck', 'recheck <office>'],
  summary: t`Checks again what is not ready of the last check in this conversation.`,
  examples: [{ say: 'recheck', get: t`what the last check here found wanting, again` }],
  group: 'Check',
  verb: 'check',
  card: 'progress',
  read(words) {
    if (words.folded[0] !== 'recheck') return { kind: 'not-mine' }
    return { kind: 'args', args: { typed: restOf(words, 1) } }
  },
  async handle({ typed }, context) {
    return typed === '' ? lastAgain(context) : again(typed, context)
  },
}

/** Everything that `check` takes, so that names, tags and refusals are the same. */
async function again(typed: string, context: CommandContext): Promise<Answer> {
  const words = readWords(`check ${typed}`)
  const reading = words.kind === 'words' ? check.read(words.words, NO_EXTRAS) : null
  if (reading?.kind === 'args') return check.handle(reading.args, context)
  return check.handle({ kind: 'none' }, context)
}

async function lastAgain(context: CommandContext): Promise<Answer> {
  const last = await context.checks.last()
  if (last === null) {
    return refused(
      t`No check was asked for in this conversation yet`,
      t`Say check and the name of an office.`,
    )
  }
  if (context.checks.underWay().some(({ id }) => id === last.id)) {
    return refused(
      t`The last check here is still running`,
      t`Its card above shows the result. Say cancel to stop it.`,
    )
  }
  const [offices, latest] = await Promise.all([context.offices(), context.latest()])
  // What was not judged since, because the check was stopped, is wanting too.
  const ready = new Set(
    latest
      .filter(({ readiness, at }) => readiness === 'ready' && at >= last.at)
      .map(({ officeId }) => officeId),
  )
  const wanting = offices.filter(({ id }) => last.officeIds.includes(id) && !ready.has(id))
  if (wanting.length === 0) {
    return refused(
      t`Nothing is left to check again`,
      last.officeIds.length === 1
        ? t`The office of the last check here is ready.`
        : t`Every office of the last check here is ready.`,
      false,
    )
  }
  const answered = wanting.map((office) => ({ office, permission: context.may('check', office) }))
  const mine = answered.filter(({ permission }) => permission.ok).map(({ office }) => office)
  const refusal = answered.find(({ permission }) => !permission.ok)?.permission
  if (mine.length === 0 && refusal && !refusal.ok) return notAllowed(refusal)
  const leftOut = wanting.length - mine.length
  if (mine.length > AT_ONCE_MAX) {
    return dryRun({ offices: mine, leftOut }, mine.map(({ name }) => name).join(' + '), context, false)
  }
  return {
    kind: 'check',
    officeIds: mine.map(({ id }) => id),
    ...(leftOut > 0 ? { leftOut } : {}),
  }
}

function refused(happened: string, todo: string, isRefusal = true): Answer {
  const card = refusalCard({ happened, why: t`Nothing was checked.`, todo })
  return { kind: 'card', card, ...(isRefusal ? { refused: true } : {}) }
}
