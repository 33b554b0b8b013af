import { about } from './about.ts'
import { cancel } from './cancel.ts'
import { check } from './check.ts'
import { type AnyCommand, anyCommand } from './command.ts'
import { help } from './help.ts'
import { offices } from './offices.ts'
import { recheck } from './recheck.ts'
import { status } from './status.ts'
import { summary } from './summary.ts'
import { why } from './why.ts'

/** Every command, one line each, in the order in which help shows them. */
export const COMMANDS: readonly AnyCommand[] = [
  anyCommand(check),
  anyCommand(recheck),
  anyCommand(cancel),
  anyCommand(status),
  anyCommand(summary),
  anyCommand(why),
  anyCommand(offices),
  anyCommand(about),
  anyCommand(help),
]
