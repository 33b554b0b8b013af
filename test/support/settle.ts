/** Lets everything that can go on without time go on. */
export async function settle(rounds = 30): Promise<void> {
  for (let round = 0; round < rounds; round++) await new Promise((resolve) => setImmediate(resolve))
}

/** Waits until something holds; the test's own time limit ends it otherwise. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 2))
}

/** Keeps every line of a log. */
export function keptLog() {
  const lines: { level: 'info' | 'warn' | 'error'; message: string; fields: Record<string, unknown> }[] = []
  const at = (level: 'info' | 'warn' | 'error') => (fields: object, message: string) =>
    void lines.push({ level, message, fields: { ...fields } })
  return { lines, info: at('info'), warn: at('warn'), error: at('error') }
}
