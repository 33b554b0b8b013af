/** Bytes of one message from a runner at most. A packed measurement is about 6 KB; ten times that is room enough. */
export const RUNNER_BODY_LIMIT = 64 * 1024

/** Bytes of an enrolment at most: a proof is about 700. */
export const ENROLL_BODY_LIMIT = 4 * 1024

/** Bytes of an answer of the hub at most: some jobs of some twenty hosts each. */
export const HUB_BODY_LIMIT = 256 * 1024

/** Characters of an `Authorization` header at most: a signed request has about 600. */
export const HEADER_LIMIT = 4 * 1024

/** Depth of nested JSON at most, and items of one array at most. */
export const DEPTH_LIMIT = 32
export const ITEMS_LIMIT = 10_000

/** Seconds for which a signed request is good, and by how many the two clocks may differ. */
export const SIGNATURE_SECONDS = 60
export const TOLERANCE_SECONDS = 60

/** How long the hub holds a poll in ms: proxies cut idle connections after 30 to 60 s. */
export const POLL_HOLD_MS = 25_000

/** Longest duration in ms that a measurement may claim: no probe's budget is near it. */
export const DURATION_LIMIT_MS = 600_000

/** Characters of a failure's detail that are kept. */
export const DETAIL_LIMIT = 300
