import { done, type Failure, failed, type Outcome } from '../core/failure.ts'
import type { DialTarget, Random, TrainPlan, TrainSeen } from '../core/ports.ts'
import type { Channel, Dialer } from './dialer.ts'
import { type Settle, settleOnce } from './settle.ts'
import { stampMs } from './stopwatch.ts'
import { encodeRequest, parseStun } from './stun-message.ts'

const TRANSACTION_BYTES = 12
/** Who has not answered anything for this long does not answer: more datagrams would be a flood and no news. */
const SILENT_MS = 3_000
/** A beat that comes this much late means that this process was busy, and whatever it heard meanwhile was heard late. */
const STALL_MS = 20
/** For so long a train goes on where this process was busy; after that it hands in what it has. */
const LONGER_MS = 2_000

/** When this process was not listening: from when it should have woken to when it did. */
interface Stall {
  readonly from: number
  readonly to: number
}

/** One source port; a world's gateway may end it before the train does, and the train goes on with the next. */
interface Flow {
  readonly channel: Channel
  ended: boolean
  used: boolean
}

interface Packet {
  readonly flow: Flow
  readonly sentAt: number
  heardAt: number | null
}

/** Sends the train and listens; see `StunPort.train`. */
export async function runTrain(
  dialer: Dialer,
  random: Random,
  target: DialTarget,
  plan: TrainPlan,
  signal: AbortSignal,
): Promise<Outcome<TrainSeen>> {
  let broke: (failure: Failure, detail: string) => void = () => {}
  const open = async (): Promise<Outcome<Flow>> => {
    let flow: Flow | null = null
    let endedEarly = false
    const opened = await dialer.udp(
      target,
      {
        heard: (bytes, at) => train.hear(bytes, at),
        broke: (failure, detail) => broke(failure, detail),
        ended: () => {
          if (flow === null) endedEarly = true
          else train.end(flow)
        },
      },
      signal,
    )
    if (!opened.ok) return opened
    flow = { channel: opened.result, ended: endedEarly, used: false }
    return done(flow)
  }
  const train = new Train(open, random, plan)
  const first = await open()
  if (!first.ok) return first
  const begin = (settle: Settle<TrainSeen>): (() => void) => {
    // A refusal is one more datagram that was not answered; without a route there is nothing to measure.
    broke = (failure, detail) => {
      if (failure === 'network-unreachable' && !train.isAnswered) settle(failed(failure, detail))
    }
    return train.run(first.result, () => settle(done(train.seen())))
  }
  const timeoutMs = plan.count * plan.intervalMs + LONGER_MS + 2 * plan.lateMs
  const late = () => done(train.seen())
  return settleOnce({ timeoutMs, signal }, begin, late, () => first.result.channel.close())
}

class Train {
  readonly #open: () => Promise<Outcome<Flow>>
  readonly #random: Random
  readonly #plan: TrainPlan
  readonly #packets: Packet[] = []
  readonly #byTransaction = new Map<string, number>()
  readonly #stalls: Stall[] = []
  readonly #flows = new Set<Flow>()
  readonly #closing = new Set<NodeJS.Timeout>()
  #flow: Flow | null = null
  #opening = false
  #over = false
  #latest = -1
  #answered = 0
  #reordered = 0
  #duplicates = 0

  constructor(open: () => Promise<Outcome<Flow>>, random: Random, plan: TrainPlan) {
    this.#open = open
    this.#random = random
    this.#plan = plan
  }

  get isAnswered(): boolean {
    return this.#answered > 0
  }

  /** Beats at the plan's pace until all is answered or lost; the returned function stops it. */
  run(first: Flow, finish: () => void): () => void {
    this.#use(first)
    let timer: NodeJS.Timeout | null = null
    let drained: NodeJS.Immediate | null = null
    const beat = (due: number): void => {
      const now = stampMs()
      if (now - due > STALL_MS) this.#stalls.push({ from: due, to: now })
      if (this.#isOver(now)) {
        // What lies in the socket already is read before the immediate runs.
        drained = setImmediate(finish)
        return
      }
      if (this.#wantsMore(now)) {
        if (this.#flow === null) this.#reopen()
        else this.#send(this.#flow)
      }
      // After a stall the pace goes on from here: datagrams sent in a heap would measure the heap.
      const next = Math.max(due + this.#plan.intervalMs, now)
      timer = setTimeout(() => beat(next), Math.max(0, next - stampMs()))
    }
    beat(stampMs())
    return () => {
      if (timer !== null) clearTimeout(timer)
      if (drained !== null) clearImmediate(drained)
      this.#over = true
      for (const closing of this.#closing) clearTimeout(closing)
      for (const { channel } of this.#flows) channel.close()
    }
  }

  /** The flow was ended from outside. One datagram is sent on it all the same: some gateways still carry it. */
  end(flow: Flow): void {
    flow.ended = true
    if (flow.used) this.#retire(flow)
  }

  /** The next datagram takes a new flow; late answers are still heard on this one. */
  #retire(flow: Flow): void {
    if (this.#over) return
    if (this.#flow === flow) this.#flow = null
    const closing = setTimeout(() => {
      this.#closing.delete(closing)
      this.#flows.delete(flow)
      flow.channel.close()
    }, this.#plan.lateMs)
    this.#closing.add(closing)
  }

  hear(bytes: Buffer, at: number): void {
    const seq = this.#byTransaction.get(bytes.toString('hex', 8, 8 + TRANSACTION_BYTES))
    const packet = seq === undefined ? undefined : this.#packets[seq]
    if (seq === undefined || packet === undefined) return
    const { kind } = parseStun(bytes, Buffer.from(bytes.subarray(8, 8 + TRANSACTION_BYTES)))
    // An error to our own transaction made the same way there and back.
    if (kind !== 'mapped' && kind !== 'error') return
    if (packet.heardAt !== null) {
      this.#duplicates += 1
      return
    }
    packet.heardAt = at
    this.#answered += 1
    if (seq < this.#latest) this.#reordered += 1
    this.#latest = Math.max(this.#latest, seq)
  }

  /** What has been decided: a datagram that may still be answered in time is not part of it. */
  seen(): TrainSeen {
    const now = stampMs()
    const packets: (number | null)[] = []
    let blurred = 0
    for (const { flow, sentAt, heardAt } of this.#packets) {
      if (heardAt === null) {
        if (!flow.ended && this.#waitedMs(sentAt, now) >= this.#plan.lateMs) packets.push(null)
        continue
      }
      const stalled = this.#stalledMs(sentAt, heardAt)
      const ms = heardAt - sentAt
      if (ms - stalled > this.#plan.lateMs) packets.push(null)
      else if (stalled > 0) blurred += 1
      else packets.push(ms)
    }
    return { packets, blurred, reordered: this.#reordered, duplicates: this.#duplicates }
  }

  #use(flow: Flow): void {
    this.#flow = flow
    this.#flows.add(flow)
  }

  #reopen(): void {
    if (this.#opening) return
    this.#opening = true
    void this.#open().then((opened) => {
      this.#opening = false
      if (!opened.ok) return
      if (this.#over) {
        opened.result.channel.close()
        return
      }
      this.#use(opened.result)
      if (this.#wantsMore(stampMs())) this.#send(opened.result)
    })
  }

  #send(flow: Flow): void {
    const transaction = Buffer.from(this.#random.hex(TRANSACTION_BYTES), 'hex')
    this.#byTransaction.set(transaction.toString('hex'), this.#packets.length)
    const sentAt = flow.channel.send(encodeRequest('binding', transaction))
    this.#packets.push({ flow, sentAt, heardAt: null })
    flow.used = true
    if (flow.ended) this.#retire(flow)
  }

  /** Until as many as planned were sent whose time, should they be answered, is an honest one. */
  #wantsMore(now: number): boolean {
    const { count, intervalMs } = this.#plan
    const [first] = this.#packets
    if (first === undefined || this.#packets.length < count) return true
    if (now - first.sentAt >= count * intervalMs + LONGER_MS) return false
    return this.#packets.length - this.#untimed() < count
  }

  #untimed(): number {
    return this.#packets.filter(({ flow, sentAt, heardAt }) =>
      heardAt === null ? flow.ended : this.#stalledMs(sentAt, heardAt) > 0,
    ).length
  }

  #isOver(now: number): boolean {
    const [first] = this.#packets
    if (first === undefined) return false
    if (!this.isAnswered && this.#waitedMs(first.sentAt, now) >= SILENT_MS) return true
    if (this.#wantsMore(now)) return false
    const last = this.#packets.at(-1) ?? first
    return this.#answered === this.#packets.length || this.#waitedMs(last.sentAt, now) >= this.#plan.lateMs
  }

  /** For how long an answer could have been heard. Where this process stood still, others on the machine may have too. */
  #waitedMs(from: number, to: number): number {
    return to - from - this.#stalledMs(from, to)
  }

  #stalledMs(from: number, to: number): number {
    return this.#stalls.reduce((sum, stall) => {
      return sum + Math.max(0, Math.min(to, stall.to) - Math.max(from, stall.from))
    }, 0)
  }
}
