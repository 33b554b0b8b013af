import { formCard } from '../cards/form-card.ts'
import { countText, listText, momentText, spanText } from '../cards/formats.ts'
import { setTurnedFacts } from '../cards/list-change.ts'
import { outside } from '../cards/text.ts'
import type { Latest } from '../core/latest.ts'
import { type ListHeld, mostUrgentFirst, needsLetThrough } from '../core/list-change.ts'
import { listMonth } from '../core/list-version.ts'
import type { Office } from '../core/office.ts'
import { t } from '../core/t.ts'
import type { Answer, Command, CommandContext } from './command.ts'

/** Offices named on the card; the rest is counted. */
const NAMED_MAX = 10

/** Microsoft asks for a look daily: older is late, and said. */
const LATE_MS = 24 * 3_600_000

/** `endpoints`: Microsoft's list of endpoints, what changed in it, and whose evidence is of an older one. */
export const endpoints: Command<null> = {
  name: 'endpoints',
  forms: ['endpoints'],
  summary: t`Shows Microsoft’s endpoint list: version, age, what changed, and offices not checked with it yet.`,
  examples: [{ say: 'endpoints', get: t`what must be let through, and by when` }],
  group: 'Look',
  verb: 'endpoints',
  card: 'form',
  read({ folded }) {
    return folded.length === 1 && folded[0] === 'endpoints'
      ? { kind: 'args', args: null }
      : folded[0] === 'endpoints'
        ? { kind: 'misread', hint: t`Say endpoints, and nothing after it` }
        : { kind: 'not-mine' }
  },
  async handle(_args, context) {
    const [all, latest, changes] = await Promise.all([
      context.offices(),
      context.latest(),
      context.endpointLists.changes(),
    ])
    const offices = all.filter((office) => context.may('endpoints', office).ok && !office.onlyWhenNamed)
    const behind = offices.filter((office) => !isCovered(office, latest, context))
    const held = context.endpointLists.held(offices[0]?.world ?? null)
    const [newest] = changes
    const turned = mostUrgentFirst(newest?.sets ?? [])
    const urgent = turned.filter(needsLetThrough).length
    const card = formCard({
      title: t`Endpoint list ${held.version}`,
      lead: leadOf(held, newest?.version ?? null, urgent, context.now),
      problems: problemsOf(held, context.now),
      facts: [
        ...(newest === undefined
          ? [{ label: t`Changes`, value: t`none since this hub knows the list` }]
          : [
              {
                label: t`Changed`,
                value: t`${newest.before} to ${newest.version}, taken ${momentText(newest.at, context.timeZone)}`,
              },
            ]),
        ...setTurnedFacts(turned),
        { label: t`Older evidence`, value: behindText(behind) },
      ],
      foot: [t`from Microsoft’s IP address and URL web service`],
      buttons: await buttonsOf(behind, context),
    })
    return { kind: 'card', card } satisfies Answer
  },
}

/** Evidence of now: the latest check was judged with the very list that is held for the office's world. */
function isCovered(office: Office, latest: readonly Latest[], context: CommandContext): boolean {
  const last = latest.find(({ officeId }) => officeId === office.id)
  return last?.listVersion.startsWith(context.endpointLists.held(office.world).version) === true
}

function leadOf(
  { version: held, refreshedAt }: ListHeld,
  version: string | null,
  urgent: number,
  now: number,
): string {
  const age =
    refreshedAt === null
      ? neverText(held)
      : t`Microsoft had no newer one ${spanText(now - refreshedAt)} earlier.`
  if (version === null) return age
  const sets = countText(urgent, 'set')
  return urgent === 0
    ? t`${age} Nothing new must be let through.`
    : t`${age} ${sets} gained what must be let through.`
}

function neverText(version: string): string {
  const month = listMonth(version)
  return month === null
    ? t`There is no list yet.`
    : t`It came with this program, is of ${month} and was never refreshed.`
}

function problemsOf({ refreshedAt, refused, version }: ListHeld, now: number): readonly string[] {
  if (refused !== null) {
    const why = outside(refused.problem)
    return [
      t`Microsoft’s version ${refused.version} is not believed: ${why}. Version ${version} stays in use.`,
    ]
  }
  if (refreshedAt === null) {
    return [t`The hub has not reached Microsoft’s web service yet.`]
  }
  return now - refreshedAt > LATE_MS
    ? [t`The hub has not reached Microsoft’s web service for more than a day.`]
    : []
}

function behindText(behind: readonly Office[]): string {
  if (behind.length === 0) return t`no office: all evidence is of this list`
  return listText(
    behind.map(({ name }) => outside(name)),
    NAMED_MAX,
  )
}

async function buttonsOf(behind: readonly Office[], context: CommandContext) {
  const mine = behind.filter((office) => context.may('check', office).ok)
  if (mine.length === 0) return []
  const names = mine.map(({ name }) => name).join(' + ')
  return [await context.offer(t`Check these again`, 'check', `check ${names}`)]
}
