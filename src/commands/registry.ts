import { about } from './about.ts'
import { alert } from './alert.ts'
import { attest } from './attest.ts'
import { audit } from './audit.ts'
import { cancel } from './cancel.ts'
import { check } from './check.ts'
import { type AnyCommand, anyCommand } from './command.ts'
import { compare } from './compare.ts'
import { dashboard } from './dashboard.ts'
import { digest } from './digest.ts'
import { endpoints } from './endpoints.ts'
import { evidence } from './evidence.ts'
import { forget } from './forget.ts'
import { freeze } from './freeze.ts'
import { help } from './help.ts'
import { history } from './history.ts'
import { limit } from './limit.ts'
import { me } from './me.ts'
import { meCounts } from './me-counts.ts'
import { officeAdd } from './office/add.ts'
import { officeEdit } from './office/edit.ts'
import { officeExport } from './office/export.ts'
import { officeImport } from './office/import.ts'
import { officeRemove } from './office/remove.ts'
import { office } from './office/show.ts'
import { offices } from './offices.ts'
import { recheck } from './recheck.ts'
import { role } from './role.ts'
import { runnerAdd } from './runner-add.ts'
import { runners } from './runners.ts'
import { status } from './status.ts'
import { summary } from './summary.ts'
import { unfreeze } from './unfreeze.ts'
import { whatIf } from './what-if.ts'
import { why } from './why.ts'

/** Every command, one line each, in the order in which help shows them. */
export const COMMANDS: readonly AnyCommand[] = [
  anyCommand(check),
  anyCommand(recheck),
  anyCommand(cancel),
  anyCommand(me),
  anyCommand(forget),
  anyCommand(digest),
  anyCommand(alert),
  anyCommand(freeze),
  anyCommand(unfreeze),
  anyCommand(status),
  anyCommand(summary),
  anyCommand(dashboard),
  anyCommand(why),
  anyCommand(history),
  anyCommand(compare),
  anyCommand(whatIf),
  anyCommand(evidence),
  anyCommand(endpoints),
  anyCommand(offices),
  // Before `office`, so that `help office add` finds them.
  anyCommand(officeAdd),
  anyCommand(officeEdit),
  anyCommand(officeRemove),
  anyCommand(officeImport),
  anyCommand(officeExport),
  anyCommand(office),
  anyCommand(limit),
  anyCommand(attest),
  anyCommand(runners),
  anyCommand(runnerAdd),
  anyCommand(role),
  anyCommand(audit),
  anyCommand(meCounts),
  anyCommand(about),
  anyCommand(help),
]
