/** An environment that may be added to. */
type Environment = Record<string, string | undefined>

/**
 * What the runner gives libuv: enough that every name of the longest probe (`reach`, some thirty) waits for a dead
 * first DNS server at the same time. All of them at work take 1 MB more than libuv's usual four (measured 27 November 2026).
 */
const THREADS = 64

const LIBUV_USUAL = 4
const LIBUV_MOST = 1024

/**
 * Gives the process more threads, unless its environment says how many, and tells how many lookups (`getaddrinfo`) can
 * run at once: libuv lets half of its threads do slow work, and one of these is left for the way to the hub. Must be
 * called before anything uses a thread. On Windows libuv reads the environment that the process was started with, so
 * there a number counts only when it was set before the start.
 */
export function lookupThreads(env: Environment, platform: string): number {
  const told = env['UV_THREADPOOL_SIZE']
  if (told === undefined && platform === 'win32') return besideHub(LIBUV_USUAL)
  env['UV_THREADPOOL_SIZE'] ??= String(THREADS)
  // As libuv reads it: digits at the start, no number is none, and none is one.
  const threads = Number.parseInt(env['UV_THREADPOOL_SIZE'] ?? '', 10) || 1
  return besideHub(threads < 0 ? LIBUV_MOST : Math.min(threads, LIBUV_MOST))
}

function besideHub(threads: number): number {
  const slow = Math.floor((threads + 1) / 2)
  return slow > 2 ? slow - 1 : slow
}
