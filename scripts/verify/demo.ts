import { CRITERIA } from '../../src/core/verdict.ts'
import { DEMO_TRUTH, type DemoOffice } from '../../src/local/demo/truth.ts'
import { startLocalMode, temporaryFolder } from '../../test/support/local-mode.ts'
import { lettersOf, type TestConnector } from '../../test/support/test-connector.ts'
import type { Mismatch } from '../../test/worlds/real-run.ts'

export const DEMO_OFFICES = Object.keys(DEMO_TRUTH) as DemoOffice[]

/** One check of one office of the demo. */
export interface DemoSeen {
  readonly office: DemoOffice
  /** One letter per criterion; null when there was no answer. */
  readonly verdicts: string | null
  readonly ms: number
}

/** The demo, started once: every round checks its offices again on the same store. */
export interface RunningDemo {
  round(): Promise<readonly DemoSeen[]>
  close(): Promise<void>
}

/** Starts local mode as a person does. */
export async function startDemo(
  connector: TestConnector,
  env: Readonly<Record<string, string>>,
): Promise<RunningDemo> {
  const data = temporaryFolder()
  const local = await startLocalMode({ data: data.folder, env })
  const see = async (office: DemoOffice): Promise<DemoSeen> => {
    const began = performance.now()
    const verdicts = await connector.ask(local.hubUrl, `check office ${office}`).then(
      ({ final }) => lettersOf(final.card),
      () => null,
    )
    return { office, verdicts, ms: Math.round(performance.now() - began) }
  }
  return {
    async round() {
      const offices: DemoSeen[] = []
      for (const office of DEMO_OFFICES) offices.push(await see(office))
      return offices
    },
    async close() {
      await local.stop()
      data.remove()
    },
  }
}

/** Where the demo's offices came to something else than their truth. */
export function demoMismatches(offices: readonly DemoSeen[]): readonly Mismatch[] {
  return offices.flatMap(({ office, verdicts }) =>
    CRITERIA.flatMap((criterion, at) => {
      const expected = DEMO_TRUTH[office][at] ?? ''
      const found = verdicts === null ? 'no answer' : (verdicts[at] ?? '')
      return found === expected ? [] : [{ world: 'demo', office, criterion, expected, found }]
    }),
  )
}
