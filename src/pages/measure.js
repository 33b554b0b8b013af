/**
 * What a browser can measure. Answers of other origins stay closed to the page (no-cors): it learns that there was one,
 * and how long it took.
 */

/** Tries of one door after the first, which opens the connection and is not counted. */
const TRIES = 4

/** A door that takes longer does not answer. */
const DOOR_MS = 6_000

/** A look-up is done by then; what the connection after it comes to does not matter. */
const NAME_MS = 2_500

const SEEN_MS = 4_000

/** @typedef {{ readonly name: string, readonly url: string }} Door */

/**
 * Times one door: the least of some requests on a connection that stands. `silent`: no try was answered. `redirected`: it
 * sent the browser elsewhere, which the page's own policy does not follow.
 * @param {Door} door
 */
export async function timeDoor({ name, url }) {
  const watch = redirects(url)
  try {
    if (!(await ask(url, DOOR_MS)) && !(await ask(url, DOOR_MS))) {
      return { name, kind: watch.seen() ? 'redirected' : 'silent' }
    }
    const times = []
    for (let tries = 0; tries < TRIES; tries++) {
      const began = performance.now()
      if (!(await ask(url, DOOR_MS))) continue
      times.push(entryOf(url, began) ?? performance.now() - began)
    }
    if (times.length === 0) return { name, kind: 'silent' }
    return { name, kind: 'answered', ms: Math.round(Math.min(...times) * 10) / 10 }
  } finally {
    watch.stop()
  }
}

/** Makes this browser's DNS server look names up; what answers there, if anything, is of no interest. */
export async function lookUp(names) {
  await Promise.all(names.map((name) => ask(`https://${name}/`, NAME_MS)))
}

/** Calls on the hub by its names of one family each, so that it sees both addresses. How many of them answered. */
export async function callOn(urls) {
  const answered = await Promise.all(urls.map((url) => ask(url, SEEN_MS)))
  return answered.filter(Boolean).length
}

/** The time zone that this machine is set to; null where the browser does not tell. */
export function ownZone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone ?? null
}

/** Whether a request was answered, by whatever. */
async function ask(url, ms) {
  try {
    await fetch(url, {
      mode: 'no-cors',
      cache: 'no-store',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(ms),
    })
    return true
  } catch {
    return false
  }
}

/** What the browser's own clock says of the newest request, ms; it leaves out what this page took to notice. */
function entryOf(url, began) {
  const entry = performance.getEntriesByName(url, 'resource').at(-1)
  performance.clearResourceTimings()
  return entry && entry.startTime >= began - 1 && entry.duration > 0 ? entry.duration : null
}

/** A redirect that leads off the list of the page's policy is reported to the page, and looks like silence otherwise. */
function redirects(url) {
  let seen = false
  const { origin } = new URL(url)
  const listen = (event) => {
    if (event.effectiveDirective === 'connect-src' && event.blockedURI.startsWith(origin)) seen = true
  }
  document.addEventListener('securitypolicyviolation', listen)
  return {
    seen: () => seen,
    stop: () => document.removeEventListener('securitypolicyviolation', listen),
  }
}
