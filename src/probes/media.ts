import type { Probe } from '../core/probe.ts'
import { evaluate } from './media/evaluate.ts'
import { type MediaResult, resultSchema } from './media/result.ts'
import { run } from './media/run.ts'
import { readBy } from './shared/schema.ts'

/**
 * Question `media`: would a Teams call be good on this path?
 *
 * Method. The first target is the Teams relay, looked up by the system as Teams does. One train of STUN Bindings of 20
 * bytes to UDP 3478 at each of its first two IPv4 addresses (IPv6 where only that leads out), side by side: 50 datagrams a second, as audio is sent, for
 * 10 s (or as long as the runner's own settings say), from one source port each, with a transaction of its own per
 * datagram. One that is not answered after 800 ms is lost. A destination that answers nothing for 3 s is given up, and
 * asked for an Allocate: an error to that means that it is reached, and nothing was learned.
 * Beside them the least IP TTL that is answered at the first address, which is the number of hops.
 *
 * Result. Every round trip in order, null where lost, and the counts of what came doubled or out of order. Evaluated to
 * `media-seen`: per destination loss with the number of datagrams, least and median round trip, jitter by RFC 3550 on
 * round trips (its median once settled, so of both directions together), the most lost in any 200 ms. Silence of two
 * destinations is a fact and stated as one; of a single one `unmeasured`, since that relay may be at fault.
 *
 * Blind to: the direction in which a datagram was lost or late; large datagrams; IPv6 beside IPv4; media that falls back to TCP 443;
 * what a call of an hour would meet. A train shorter than 10 s does not settle small losses. Hops are not counted in a
 * world.
 *
 * Source: research/probes.md 1e, 1f, 2e; research/domain.md 7.
 */
export const media: Probe<MediaResult> = {
  name: 'media',
  version: 1,
  budgetMs: 20_000,
  questions: () => ['media'],
  read: (value) => readBy(resultSchema, value),
  run,
  evaluate,
}
