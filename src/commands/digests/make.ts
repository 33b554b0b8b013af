import type { CardButton } from '../../cards/buttons.ts'
import { criterionToAsk, ROWS_MAX, rowToAsk } from '../../cards/digest-card.ts'
import { EVIDENCE_MS } from '../../cards/office-rows.ts'
import type { Verb } from '../../core/authority.ts'
import { type Digest, type DigestMemory, type DigestPlan, digestOf } from '../../core/digest.ts'
import type { Latest } from '../../core/latest.ts'
import type { Office } from '../../core/office.ts'
import type { Geography } from '../../core/registry.ts'
import { t } from '../../core/t.ts'
import type { Offered } from '../command.ts'
import { officesOfSelector } from '../in-city.ts'

/** What a digest is made of; nothing is measured for it. */
export interface DigestMaterial {
  readonly plan: DigestPlan
  readonly offices: readonly Office[]
  readonly geography: Geography
  readonly latest: readonly Latest[]
  /** Reports whether the digest may tell of an office. */
  readonly maySee: (office: Office) => boolean
  readonly before: DigestMemory | null
  /** Epoch ms. */
  readonly now: number
}

/** The offices that a plan means now and that the digest may tell of; none when its words mean nothing any more. */
export async function officesOfPlan({
  plan,
  offices,
  geography,
  maySee,
}: Pick<DigestMaterial, 'plan' | 'offices' | 'geography' | 'maySee'>): Promise<readonly Office[]> {
  return (await officesOfSelector(plan.selector, offices, geography)).filter(maySee)
}

/** The digest of a plan from the latest verdicts. */
export async function makeDigest(material: DigestMaterial): Promise<Digest> {
  const { before, latest, now } = material
  return digestOf({ before, offices: await officesOfPlan(material), latest, now, tooOldMs: EVIDENCE_MS })
}

type Offer = (title: string, verb: Verb, command: string, how?: Offered) => Promise<CardButton>

/** Why of the first row, the rest of the offices, and what changes the schedule; `scheduleId` null: nothing is scheduled here. */
export async function digestButtons(
  digest: Digest,
  plan: Pick<DigestPlan, 'selector'>,
  scheduleId: string | null,
  offer: Offer,
): Promise<readonly CardButton[]> {
  const row = rowToAsk(digest)
  const criterion = row === null ? null : criterionToAsk(row)
  const why =
    row !== null && criterion !== null
      ? [await offer(t`Why ${row.office.name}`, 'why', `why office ${row.office.name} ${criterion}`)]
      : []
  const rest =
    digest.rows.length > ROWS_MAX ? [await offer(t`Show the rest`, 'status', `status ${plan.selector}`)] : []
  if (scheduleId === null) return [...why, ...rest, ...(await scheduleButtons(null, offer))]
  const snooze = await offer(t`Snooze`, 'digest', 'digest snooze', { keep: scheduleId, uses: 'once' })
  // Four are what a row holds; the form that changes a schedule can stop it too.
  const change = (await scheduleButtons(scheduleId, offer)).slice(0, rest.length > 0 ? 1 : 2)
  return [...why, ...rest, snooze, ...change]
}

/** What changes and ends a schedule, or makes one where there is none. */
export async function scheduleButtons(
  scheduleId: string | null,
  offer: Offer,
): Promise<readonly CardButton[]> {
  if (scheduleId === null) return [await offer(t`Schedule a digest`, 'digest', 'digest')]
  return [
    await offer(t`Change schedule`, 'digest', 'digest change', { keep: scheduleId }),
    await offer(t`Stop`, 'digest', 'digest stop', { keep: scheduleId, uses: 'once' }),
  ]
}
