import { audit } from './audit.ts'
import { check } from './check.ts'
import { type AnyCommand, anyCommand } from './command.ts'
import { dashboard } from './dashboard.ts'
import { help } from './help.ts'
import { offices } from './offices.ts'
import { role } from './role.ts'
import { status } from './status.ts'
import { why } from './why.ts'

/** Every command, one line each, in the order in which help shows them. */
export const COMMANDS: readonly AnyCommand[] = [
  anyCommand(check),
  anyCommand(status),
  anyCommand(dashboard),
  anyCommand(why),
  anyCommand(offices),
  anyCommand(role),
  anyCommand(audit),
  anyCommand(help),
]
