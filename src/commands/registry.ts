import { check } from './check.ts'
import { type AnyCommand, anyCommand } from './command.ts'
import { compare } from './compare.ts'
import { help } from './help.ts'
import { history } from './history.ts'
import { offices } from './offices.ts'
import { status } from './status.ts'
import { why } from './why.ts'

/** Every command, one line each, in the order in which help shows them. */
export const COMMANDS: readonly AnyCommand[] = [
  anyCommand(check),
  anyCommand(status),
  anyCommand(why),
  anyCommand(history),
  anyCommand(compare),
  anyCommand(offices),
  anyCommand(help),
]
