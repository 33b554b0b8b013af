import type { RunnerStatus } from '../core/runner.ts'
import { prose } from './text.ts'

/** The top of every card as templates name it: title, one sentence, one small line. */
export interface BandData {
  readonly title: string
  readonly lead: string
  readonly hasLead: boolean
  readonly note: string
  readonly hasNote: boolean
}

/** The last small line of a card as templates name it. */
export interface FootData {
  readonly foot: string
  readonly hasFoot: boolean
}

/** A runner as cards show it. The name is outside text. */
export interface RunnerShown {
  readonly name: string
  readonly status: RunnerStatus
  /** It sent rubbish too often: an admin should look at it before anybody relies on it. */
  readonly quarantined?: boolean
  /** As it said at its last start; outside text. Absent before the first. */
  readonly version?: string
  readonly platform?: string
  /** Its last poll, epoch ms, up to some minutes behind; absent before the first. */
  readonly seenAt?: number
}

/** A band; empty texts are not shown. */
export function bandData(title: string, lead = '', note = ''): BandData {
  const [sentence, line] = [prose(lead), prose(note)]
  return {
    title: prose(title),
    lead: sentence,
    hasLead: sentence !== '',
    note: line,
    hasNote: line !== '',
  }
}

/** A foot of parts joined by dots; empty parts are left out. */
export function footData(...parts: readonly string[]): FootData {
  const foot = prose(parts.filter((part) => part !== '').join(' · '))
  return { foot: `${foot.charAt(0).toUpperCase()}${foot.slice(1)}`, hasFoot: foot !== '' }
}
