import type { Position } from './geography.ts'
import type { CriterionId } from './verdict.ts'

/** A place with people and its own way out to the Internet. */
export interface Office {
  /** `[a-z0-9-]{1,24}`, chosen once, never reused. */
  readonly id: string
  readonly name: string
  readonly aliases: readonly string[]
  /** Without the leading `#`, lower case. */
  readonly tags: readonly string[]
  readonly at: Position
  /** False when nobody knows where it is: `at` then means nothing, and no distance is ever judged. */
  readonly placed: boolean
  /** IANA name, e.g. Europe/London. */
  readonly timeZone: string
  /** CIDRs that the office's traffic is expected to leave from; empty when nothing is registered. */
  readonly egress: readonly string[]
  /** CIDRs of the resolvers that serve the office. */
  readonly resolvers: readonly string[]
  /** Accepted front doors, upper-case codes. */
  readonly doors: readonly string[]
  readonly targets: Targets
  readonly overrides: readonly Override[]
  readonly attestations: readonly Attestation[]
  /** The world the office belongs to, or null for the real Internet. */
  readonly world: string | null
  /** Probed only when named, never by `check all` (the machine itself, office `here`). */
  readonly onlyWhenNamed: boolean
}

/** The office's own targets; missing where the customer set none. */
export interface Targets {
  readonly rttMs?: number
  readonly downloadMBps?: number
}

/** A limit that an admin set in place of Microsoft's. */
export interface Override {
  readonly criterion: CriterionId
  readonly value: number
  readonly author: string
  /** The author's object id; missing where no person of the chat set it. */
  readonly authorId?: string
  readonly reason: string
  /** When it was set, epoch ms; missing where it was set before that was kept. */
  readonly setAt?: number
  /** Epoch ms. */
  readonly expiresAt: number
}

/** What no probe can see, vouched for by a named admin until a date. */
export interface Attestation {
  readonly criterion: CriterionId
  readonly by: string
  /** Object id of who vouches; missing where no person of the chat did. */
  readonly byId?: string
  readonly reason: string
  /** When it was given, epoch ms; missing where it was given before that was kept. */
  readonly setAt?: number
  /** Epoch ms. */
  readonly until: number
}

/** The attestation of a criterion that holds at `now` (epoch ms), if any. */
export function attestationFor(office: Office, criterion: CriterionId, now: number): Attestation | undefined {
  return office.attestations.find((entry) => entry.criterion === criterion && entry.until > now)
}

/** The override of a criterion's limit that holds at `now` (epoch ms), if any. */
export function overrideFor(office: Office, criterion: CriterionId, now: number): Override | undefined {
  return office.overrides.find((entry) => entry.criterion === criterion && entry.expiresAt > now)
}
