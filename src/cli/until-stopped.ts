/**
 * Ends when the process is asked to stop (SIGINT, SIGTERM) or, with `withStdin`, when its standard input ends: a
 * supervisor that dies in any way closes that pipe.
 */
export function untilStopped(withStdin: boolean): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', resolve)
    process.once('SIGTERM', resolve)
    if (!withStdin) return
    process.stdin.once('end', resolve)
    process.stdin.once('error', resolve)
    process.stdin.resume()
  })
}
