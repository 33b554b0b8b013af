/** The largest body: Teams activities stay below 100 KB, the rest is room for cards in them. */
export const MAX_BODY_BYTES = 256 * 1024

/** The deepest JSON. Activities and measurements stay below 15. */
export const MAX_JSON_DEPTH = 32

/** A whole body must have come in this time: slower is a stalled or a hostile client. */
export const BODY_TIMEOUT_MS = 10_000

/** Node's own bound for request head and body together, behind ours. Answers may take longer: long polls stay open. */
export const REQUEST_TIMEOUT_MS = 15_000

/** Time for the request head. */
export const HEADERS_TIMEOUT_MS = 10_000

/** Longer than the 60 s after which proxies commonly drop an idle connection, so that they close first. */
export const KEEP_ALIVE_MS = 65_000

/** Node looks for late connections this often; its default of 30 s would let heads take 40 s. */
export const CONNECTIONS_CHECK_MS = 1_000

/** More header lines than this are refused; Teams sends about 15. */
export const MAX_HEADERS = 64

/** Each idle runner holds one connection, 2,000 of them are the budget; as many again for everybody else. */
export const MAX_CONNECTIONS = 4_000

/** After an early refusal, the rest of a body is read and dropped up to this much, so that the answer is not lost. */
export const DRAIN_BYTES = 1024 * 1024
export const DRAIN_MS = 1_000

/** How long open requests may still finish when the server closes. */
export const CLOSE_GRACE_MS = 1_000
