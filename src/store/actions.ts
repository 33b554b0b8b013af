import { VERBS, type Verb } from '../core/authority.ts'
import type { TableStore } from '../core/table-store.ts'
import { type AuditLine, auditProps } from './audit.ts'
import { actionKey, auditKey } from './keys.ts'
import { pack, unpack } from './packed.ts'

/** What a button does: the card carries only its id, so nothing that a client sends decides what happens. */
export interface StoredAction {
  readonly verb: Verb
  /** The command that the click stands for, as if typed. */
  readonly command: string
  /** The conversation it was offered in: another's click is refused. */
  readonly conversationId: string
  /** Once for what changes something, many for what only reads. */
  readonly uses: 'once' | 'many'
  /** Epoch ms. */
  readonly until: number
  /** The only person who may press it, by object id; null: everybody in the conversation, as far as their role goes. */
  readonly onlyFor: string | null
  /** What the button stands for beside its command, e.g. a table that waits for a yes; null: nothing. */
  readonly kept: string | null
  /** Its answer never takes the place of the card; missing: it may. */
  readonly below?: boolean
}

/** Stored button actions and the audit. */
export interface ActionStore {
  put(actionId: string, action: StoredAction): Promise<void>
  /** Null when there is none, or none that this version knows. */
  get(actionId: string): Promise<StoredAction | null>
  /** Spends a once-only action; false when it was spent before. */
  spend(actionId: string): Promise<boolean>
  /** Adds a line; `tail` is the reference that the person was told. */
  audit(line: AuditLine, tail: string): Promise<void>
}

/** Actions in the table `actions`, the audit in `audit<yyyymm>`. */
export function actionStore(store: TableStore): ActionStore {
  return {
    async put(actionId, action) {
      const { kept, onlyFor, below = false, ...rest } = action
      const props = {
        ...rest,
        ...(onlyFor === null ? {} : { onlyFor }),
        ...(below ? { below } : {}),
        ...(kept === null ? {} : pack(kept)),
      }
      await store.upsert(actionKey(actionId), props, 'replace')
    },
    async get(actionId) {
      const row = await store.get(actionKey(actionId))
      const props = row?.props
      if (!props || typeof props['command'] !== 'string' || typeof props['until'] !== 'number') return null
      const verb = String(props['verb'])
      if (!Object.hasOwn(VERBS, verb)) return null
      return {
        verb: verb as Verb,
        command: props['command'],
        conversationId: String(props['conversationId']),
        uses: props['uses'] === 'many' ? 'many' : 'once',
        until: props['until'],
        onlyFor: typeof props['onlyFor'] === 'string' ? props['onlyFor'] : null,
        kept: keptIn(unpack(props)),
        ...(props['below'] === true ? { below: true } : {}),
      }
    },
    async spend(actionId) {
      const row = await store.get(actionKey(actionId))
      if (!row || row.props['spent'] === true) return false
      return (await store.update(actionKey(actionId), { spent: true }, 'merge', row.etag)).ok
    },
    async audit(line, tail) {
      await store.insert(auditKey(line.at, tail), auditProps(line))
    },
  }
}

function keptIn(unpacked: unknown): string | null {
  return typeof unpacked === 'string' ? unpacked : null
}
