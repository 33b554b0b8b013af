import auditTemplate from '../../cards/audit.template.json' with { type: 'json' }
import type { AuditEntry, AuditOutcome } from '../core/audited.ts'
import type { ConversationKind } from '../core/chat.ts'
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
  done: { glyph: '●', color: 'Default', word: 'done' },
  refused: { glyph: '⊘', color: 'Attention', word: 'refused' },
  'not-understood': { glyph: '?', color: 'Default', word: 'not understood' },
  limited: { glyph: '⊘', color: 'Warning', word: 'too often' },
  failed: { glyph: '!', color: 'Attention', word: 'failed' },
}

const PLACES: Readonly<Record<ConversationKind, string>> = {
  personal: 'personal chat',
  group: 'group chat',
  channel: 'channel',
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
  const said = line.command === '' ? 'nothing that could be read' : outside(line.command)
  const how = `${line.click ? 'button ' : ''}in a ${PLACES[line.where]}`
  return `${said} · ${momentText(line.at, timeZone)} · ${how} · ${line.reference}`
}

/** Who did what, where, and what came of it. */
export function auditCard({ lines, about, more, timeZone, buttons }: AuditView): RenderedCard {
  const title = lines.length === 0 ? 'Nothing was done' : countText(lines.length, 'entry', 'entries')
  return renderCard(TEMPLATE, {
    summary: spoken(`Audit, ${about}: ${title}.`),
    ...bandData(
      title,
      `Audit of ${about}, newest first.`,
      `${zoneText(timeZone)}; each entry ends with its reference`,
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
    ...footData(more ? 'there are older ones' : ''),
    buttons: buttonData(buttons),
  })
}
