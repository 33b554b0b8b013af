import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import type { Random } from '../core/ports.ts'
import type { Runner } from '../core/runner.ts'
import type { TableStore } from '../core/table-store.ts'
import { runnerKey } from '../store/keys.ts'
import { runnerStore } from '../store/runners.ts'
import { hashEnrolmentCode, newEnrolmentCode } from '../wire/enrolment-code.ts'

/** A runner that an office should have. */
export interface WantedRunners {
  readonly officeId: string
  /** World files; null is the real Internet. */
  readonly worldFiles: readonly (string | null)[]
}

/** A runner that local mode starts. */
export interface LocalRunner {
  readonly officeId: string
  /** How cards name it, e.g. `seattle-1`. */
  readonly name: string
  /** Its own folder, for its key. */
  readonly home: string
  /** Its world file; null on the real Internet. */
  readonly worldFile: string | null
  /** A one-time code, when its key is not enrolled yet. */
  readonly code: string | null
}

/** Codes are used within seconds; ten minutes is what an admin's would have. */
const CODE_MS = 10 * 60_000

const IDENTITY = z.object({ runnerId: z.string() })

/**
 * Finds the enrolled runner of each home folder, and makes a code for every home without one. What belongs to no home
 * (an enrolment that a crash cut in two, a runner that its world no longer lists, a store that came anew) is taken away,
 * because an office waits for every runner that it has. `now`: epoch ms.
 */
export async function matchRunners(
  store: TableStore,
  wanted: readonly WantedRunners[],
  { dataFolder, random, now }: { readonly dataFolder: string; readonly random: Random; readonly now: number },
): Promise<readonly LocalRunner[]> {
  const registry = runnerStore(store)
  const known = await registry.all()
  const local: LocalRunner[] = []
  for (const { officeId, worldFiles } of wanted) {
    const own = known.filter((runner) => runner.officeId === officeId)
    const used = new Set<Runner>()
    for (const [index, worldFile] of worldFiles.entries()) {
      const name = `${officeId}-${index + 1}`
      const home = path.join(dataFolder, 'runners', name)
      const runnerId = identityIn(home)
      // The hub names an office's runners in the order of their enrolment, so a gap ends what can be matched.
      const row = used.size === index && own.find((runner) => runner.id === runnerId && runner.name === name)
      if (row) used.add(row)
      else rmSync(home, { recursive: true, force: true })
      local.push({ officeId, name, home, worldFile, code: row ? null : newEnrolmentCode(officeId, random) })
    }
    const leftover = own.filter((runner) => !used.has(runner))
    await Promise.all(leftover.map((runner) => store.remove(runnerKey(officeId, runner.id))))
  }
  for (const { officeId, code } of local) {
    if (code === null) continue
    const made = { officeId, createdBy: 'local mode', expiresAt: now + CODE_MS }
    await registry.putCode(hashEnrolmentCode(code), { ...made, usedBy: null, runnerId: null })
  }
  return local
}

/** The id that a home's runner was enrolled with; null when it was not, or not to the end. */
function identityIn(home: string): string | null {
  try {
    return IDENTITY.parse(JSON.parse(readFileSync(path.join(home, 'runner.json'), 'utf8'))).runnerId
  } catch {
    return null
  }
}
