import type { ConversationKind } from './chat.ts'

/** What became of a message or a click. `limited`: it came too soon. `failed`: something broke on our side. */
export const AUDIT_OUTCOMES = ['done', 'refused', 'not-understood', 'limited', 'failed'] as const
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number]

/** One line of the audit: who did what, where, and what came of it. Names and commands are outside text. */
export interface AuditLine {
  readonly at: number
  readonly objectId: string
  readonly name: string
  /** Of the command; empty when there was none. */
  readonly verb: string
  /** As said, or as the button stood for; see {@link auditedText}. */
  readonly command: string
  readonly conversationId: string
  readonly where: ConversationKind
  /** It was a button. */
  readonly click: boolean
  /** Ids of the offices that it began to check; the first fifty. */
  readonly offices: readonly string[]
  readonly outcome: AuditOutcome
}

/** A line with what finds it again. */
export interface AuditEntry extends AuditLine {
  /** What the person was told. */
  readonly reference: string
  /** Where it stands: what a next page comes after. */
  readonly mark: string
}

/** Which lines, newest first. */
export interface AuditQuery {
  /** Epoch ms, included. */
  readonly since: number
  /** Newest to look at, epoch ms, included; with `after`, what was shown last. */
  readonly until: number
  readonly after: string | null
  /** Lines at most. */
  readonly limit: number
  matches(line: AuditLine): boolean
}

/** The lines of one page, and whether there are more. */
export interface AuditPage {
  readonly lines: readonly AuditEntry[]
  readonly more: boolean
}

/** Characters of a command that the audit keeps: every command that can do something is shorter. */
export const AUDITED_LENGTH = 200

/** Our enrolment codes, in whatever case they were pasted. */
const CODE = /\bdse_[a-z0-9-]+_[0-9a-z]+/gi

/** Runs of letters that only keys and tokens have: the longest word of a command is an object id with its dashes. */
const TOKEN = /[A-Za-z0-9+/_=.~-]{32,}/g
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** What is said after such a word is the secret itself. */
const NAMED = /\b(password|passwd|pwd|secret|token|api[-_ ]?key|authorization|bearer)\b(\s*[:=]\s*|\s+)\S+/gi

/**
 * A command as the audit keeps it: its first line, cut, and without what may be a secret. People paste the wrong thing
 * into chats, and an audit is read by others.
 */
export function auditedText(text: string): string {
  return (text.trimStart().split(/\r\n|\r|\n/, 1)[0] ?? '')
    .slice(0, LONGEST_READ)
    .replace(CODE, LEFT_OUT)
    .replace(NAMED, (_all, word: string) => `${word} ${LEFT_OUT}`)
    .replace(TOKEN, (run) => (GUID.test(run) ? run : LEFT_OUT))
    .slice(0, AUDITED_LENGTH)
    .toWellFormed()
}

/** Looked through before it is cut: half a secret is none to these patterns, and still half a secret. */
const LONGEST_READ = 4_000
const LEFT_OUT = '(left out)'
