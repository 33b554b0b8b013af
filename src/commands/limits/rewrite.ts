import type { Office } from '../../core/office.ts'
import type { CommandContext } from '../command.ts'

/** Times that a change of one entry is made again when somebody else wrote the row in between. */
const TRIES = 5

/**
 * Changes one entry of an office on top of whatever the row holds: two admins who set different limits at once both
 * have their way. Null: the office is gone, or its row never stood still.
 */
export async function rewrite(
  context: CommandContext,
  id: string,
  how: (office: Office) => Office,
): Promise<Office | null> {
  for (let tries = 0; tries < TRIES; tries++) {
    const row = await context.registry.row(id)
    if (row === null) return null
    const done = await context.registry.change(how(row.office), row.etag)
    if (done !== 'stale') return done.office
  }
  return null
}
