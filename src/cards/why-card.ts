import whyTemplate from '../../cards/why.template.json' with { type: 'json' }
import type { Finding } from '../core/finding.ts'
import type { Office } from '../core/office.ts'
import type { Limit, Ruling } from '../core/ruling.ts'
import { t } from '../core/t.ts'
import type { Verdict } from '../core/verdict.ts'
import type { Trouble } from '../core/watch.ts'
import { bandData, footData } from './band.ts'
import { buttonData, type CardButton } from './buttons.ts'
import { cutList } from './cut-list.ts'
import { compileTemplate, type RenderedCard, renderCard } from './render-card.ts'
import { rowData } from './rows.ts'
import { outside, prose, spoken } from './text.ts'
import {
  CRITERION_TITLES,
  countText,
  findingSentence,
  momentText,
  signalGlyph,
  USUAL_LEVELS,
  VERDICT_GLYPHS,
  VERDICT_STYLES,
  zoneText,
} from './wording.ts'

const TEMPLATE = compileTemplate('why', whyTemplate)

/** Findings that a person still reads; the rest is counted. */
const FINDINGS_MAX = 12

/** Findings that are gone and are still told of. */
const GONE_MAX = 3

/** One ruling with what it rests on. */
export interface WhyView {
  readonly office: Pick<Office, 'name' | 'timeZone' | 'world'>
  readonly ruling: Ruling
  /** The criterion's rule in words, and Microsoft's step, e.g. `step 2`. */
  readonly rule: string
  readonly step: string
  /** How the card names a runner, by id. Outside text. */
  readonly runnerNames: Readonly<Record<string, string>>
  /** When the check was judged, epoch ms. */
  readonly judgedAt: number
  readonly listVersion: string
  readonly rulesVersion: string
  readonly checkId: string
  /** When the verdict failed first and last, and when it was found to pass again; null: it never failed, as far as is known. */
  readonly failed?: Pick<Trouble, 'firstAt' | 'resolvedAt'> | null
  /** When warnings and problems among its findings were seen first, and found gone; missing: nobody has looked. */
  readonly troubles?: readonly Pick<Trouble, 'code' | 'firstAt' | 'lastAt' | 'resolvedAt'>[]
  readonly buttons?: readonly CardButton[]
}

function titleOf(name: string, criterion: string, verdict: Verdict): string {
  switch (verdict) {
    case 'pass':
      return t`Why ${name} passes ${criterion}`
    case 'fail':
      return t`Why ${name} fails ${criterion}`
    case 'unproven':
      return t`Why ${criterion} is unproven in ${name}`
    case 'not-applicable':
      return t`Why ${criterion} does not apply to ${name}`
  }
}

function limitText(limit: Limit): string {
  const by =
    limit.overriddenBy === undefined ? '' : t` Set by ${outside(limit.overriddenBy)} in place of Microsoft’s.`
  return `${limit.text}.${by}`
}

function levelText({ criterion, level }: WhyView['ruling']): string {
  if (level === 'optional') return t`Optional`
  return USUAL_LEVELS[criterion] === 'required' ? t`Required` : t`Required by your configuration`
}

function factsOf(view: WhyView): readonly { readonly label: string; readonly says: string }[] {
  const { limit } = view.ruling
  const facts = [
    { label: t`Rule`, says: view.rule },
    { label: t`Level`, says: `${levelText(view.ruling)}, ${view.step}` },
  ]
  if (limit !== undefined)
    facts.push({ label: t`Limit`, says: limitText(limit) }, { label: t`Source`, says: limit.source })
  const failed = failedText(view)
  if (failed !== null) facts.push(failed)
  const gone = goneText(view)
  if (gone !== '') facts.push({ label: t`Gone`, says: gone })
  return facts.map(({ label, says }) => ({ label, says: prose(says) })).filter(({ says }) => says !== '')
}

/** Since when it fails, or when it last did. */
function failedText({
  failed,
  office: { timeZone },
}: WhyView): { readonly label: string; readonly says: string } | null {
  if (!failed) return null
  const first = momentText(failed.firstAt, timeZone)
  return failed.resolvedAt === null
    ? { label: t`Since`, says: first }
    : { label: t`Before`, says: t`From ${first} to ${momentText(failed.resolvedAt, timeZone)}` }
}

/** What was seen before and is not there any more, newest first, by its code (`docs/findings.md`). */
function goneText({ troubles = [], office: { timeZone } }: WhyView): string {
  const at = (when: number) => momentText(when, timeZone)
  const gone = troubles
    .flatMap(({ code, firstAt, resolvedAt }) =>
      code === null || resolvedAt === null ? [] : [{ code, firstAt, resolvedAt }],
    )
    .toSorted((a, b) => b.resolvedAt - a.resolvedAt)
  const texts = gone
    .slice(0, GONE_MAX)
    .map(({ code, firstAt, resolvedAt }) => t`${code}, seen from ${at(firstAt)}, gone at ${at(resolvedAt)}`)
  return texts.join('; ')
}

/** A finding in words, and since when it is there. */
function findingText(finding: Finding, { troubles = [], judgedAt, office: { timeZone } }: WhyView): string {
  const known = troubles.find(({ code, resolvedAt }) => code === finding.code && resolvedAt === null)
  const isOlder = known !== undefined && known.firstAt < judgedAt
  const since = isOlder ? t`First seen ${momentText(known.firstAt, timeZone)}.` : ''
  return [findingSentence(finding), since].filter((text) => text !== '').join(' ')
}

/** The chain of evidence behind one verdict: measured, rule, limit, source, remedy. */
export function whyCard(view: WhyView): RenderedCard {
  const { ruling, office } = view
  const { signals, findings, remedy } = ruling
  const runnerName = (id: string): string => outside(view.runnerNames[id] ?? id)
  const title = titleOf(outside(office.name), CRITERION_TITLES[ruling.criterion], ruling.verdict)
  const how = prose(remedy?.how ?? '')
  const decided = ruling.runnerId === undefined ? '' : t` · ${runnerName(ruling.runnerId)} decided`
  return renderCard(TEMPLATE, {
    summary: spoken(`${title}: ${ruling.because}`),
    bandStyle: VERDICT_STYLES[ruling.verdict],
    ...bandData(
      `${VERDICT_GLYPHS[ruling.verdict].glyph} ${title}`,
      ruling.because,
      t`Judged ${momentText(view.judgedAt, office.timeZone)}, ${zoneText(office.timeZone)}${decided}`,
    ),
    hasSignals: signals.length > 0,
    signalsLabel: t`Weighed: ${countText(signals.length, 'signal')}`,
    signals: cutList(
      signals.map(({ name, word, says }, index) =>
        rowData(`${index + 1}`, { ...signalGlyph(word), word: prose(word) }, prose(name), says),
      ),
    ),
    hasFindings: findings.length > 0,
    findingsLabel: t`Measured: ${countText(findings.length, 'finding')}`,
    findings: cutList(
      findings.map((finding) => ({
        who: runnerName(finding.runnerId),
        says: prose(findingText(finding, view)),
      })),
      FINDINGS_MAX,
    ),
    facts: factsOf(view),
    hasSteps: remedy !== undefined,
    remedy: { has: remedy !== undefined, act: prose(remedy?.act ?? ''), how, hasHow: how !== '' },
    ...footData(
      t`endpoint list ${view.listVersion}`,
      t`rules ${view.rulesVersion}`,
      t`check ${view.checkId}`,
      office.world === null ? '' : t`demo world`,
    ),
    buttons: buttonData(view.buttons),
  })
}
