import auditTemplate from '../../cards/audit.template.json' with { type: 'json' }
import type { AuditEntry, AuditOutcome } from '../core/audited.ts'
import type { ConversationKind } from '../core/chat.ts'
import { t } from '../core/t.ts'
import { bandData, footData } from './band.ts'
import { buttonData, type CardButton } from './buttons.ts'
import { cutList } from './cut-list.ts'
import { compileTemplate, type RenderedCard, renderCard } from './render-card.ts'
import { personText } from './roles-card.ts'
import { rowData } from './rows.ts'
import { outside, spoken } from './text.ts'
import { type Color, countText, momentText, zoneText } from './wording.ts'

const TEMPLATE = compileTemplate('audit', auditTemplate)

/** Lines of one card: what a phone shows in three screens. */
export const AUDIT_ROWS = 15

const SIGNS: Readonly<Record<AuditOutcome, { glyph: string; color: Color; word: string }>> = {
  done: { glyph: '●', color: 'Default', word: t`done` },
  refused: { glyph: '⊘', color: 'Attention', word: t`refused` },
  'not-understood': { glyph: '?', color: 'Default', word: t`not understood` },
  limited: { glyph: '⊘', color: 'Warning', word: t`too often` },
  failed: { glyph: '!', color: 'Attention', word: t`failed` },
}

const PLACES: Readonly<Record<ConversationKind, string>> = {
  personal: t`personal chat`,
  group: t`group chat`,
  channel: t`channel`,
}

/** A page of the audit, newest first. */
export interface AuditView {
  readonly lines: readonly Omit<AuditEntry, 'mark'>[]
  /** What was asked for, e.g. `Seattle, the last 7 days`; goes through `outside` where it is. */
  readonly about: string
  /** There are older lines. */
  readonly more: boolean
  readonly timeZone: string
  readonly buttons?: readonly CardButton[]
}

function saysOf(line: Omit<AuditEntry, 'mark'>, timeZone: string): string {
  const said = line.command === '' ? t`nothing that could be read` : outside(line.command)
  const how = t`${line.click ? t`button ` : ''}in a ${PLACES[line.where]}`
  return `${said} · ${momentText(line.at, timeZone)} · ${how} · ${line.reference}`
}

/** Who did what, where, and what came of it. */
export function auditCard({ lines, about, more, timeZone, buttons }: AuditView): RenderedCard {
  const title = lines.length === 0 ? t`Nothing was done` : countText(lines.length, 'entry', 'entries')
  return renderCard(TEMPLATE, {
    summary: spoken(t`Audit, ${about}: ${title}.`),
    ...bandData(
      title,
      t`Audit of ${about}, newest first.`,
      t`${zoneText(timeZone)}; each entry ends with its reference`,
    ),
    rows: cutList(
      lines.map((line, index) =>
        rowData(
          `${index + 1}`,
          SIGNS[line.outcome],
          personText(line.name, line.objectId),
          saysOf(line, timeZone),
        ),
      ),
      AUDIT_ROWS,
    ),
    ...footData(more ? t`there are older ones` : ''),
    buttons: buttonData(buttons),
  })
}
