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
/** A machine so busy that a train falls behind hands in what it has after this many times the train's length. */
const LONGEST = 1.2

/** When this process was not listening: from when it should have woken to when it did. */
interface Stall {
  readonly from: number
  readonly to: number
}

interface Packet {
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
  let hear: (bytes: Buffer, at: number) => void = () => {}
  let broke: (failure: Failure, detail: string) => void = () => {}
  const hearing = {
    heard: (bytes: Buffer, at: number) => hear(bytes, at),
    broke: (failure: Failure, detail: string) => broke(failure, detail),
  }
  const opened = await dialer.udp(target, hearing, signal)
  if (!opened.ok) return opened
  const channel = opened.result
  const train = new Train(channel, random, plan)
  const begin = (settle: Settle<TrainSeen>): (() => void) => {
    hear = (bytes, at) => train.hear(bytes, at)
    // A refusal is one more datagram that was not answered; without a route there is nothing to measure.
    broke = (failure, detail) => {
      if (failure === 'network-unreachable' && !train.isAnswered) settle(failed(failure, detail))
    }
    const stop = train.run(() => settle(done(train.seen())))
    return () => {
      stop()
      channel.close()
    }
  }
  const timeoutMs = LONGEST * plan.count * plan.intervalMs + 2 * plan.lateMs
  const late = () => done(train.seen())
  return settleOnce({ timeoutMs, signal }, begin, late, () => channel.close())
}

class Train {
  readonly #channel: Channel
  readonly #random: Random
  readonly #plan: TrainPlan
  readonly #packets: Packet[] = []
  readonly #byTransaction = new Map<string, number>()
  readonly #stalls: Stall[] = []
  #latest = -1
  #answered = 0
  #reordered = 0
  #duplicates = 0

  constructor(channel: Channel, random: Random, plan: TrainPlan) {
    this.#channel = channel
    this.#random = random
    this.#plan = plan
  }

  get isAnswered(): boolean {
    return this.#answered > 0
  }

  /** Beats at the plan's pace until all is answered or lost; the returned function stops it. */
  run(finish: () => void): () => void {
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
      if (this.#packets.length < this.#plan.count) this.#send()
      // After a stall the pace goes on from here: datagrams sent in a heap would measure the heap.
      const next = Math.max(due + this.#plan.intervalMs, now)
      timer = setTimeout(() => beat(next), Math.max(0, next - stampMs()))
    }
    beat(stampMs())
    return () => {
      if (timer !== null) clearTimeout(timer)
      if (drained !== null) clearImmediate(drained)
    }
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
    for (const { sentAt, heardAt } of this.#packets) {
      if (heardAt === null) {
        if (now - sentAt >= this.#plan.lateMs) packets.push(null)
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

  #send(): void {
    const transaction = Buffer.from(this.#random.hex(TRANSACTION_BYTES), 'hex')
    this.#byTransaction.set(transaction.toString('hex'), this.#packets.length)
    this.#packets.push({
      sentAt: this.#channel.send(encodeRequest('binding', transaction)),
      heardAt: null,
    })
  }

  #isOver(now: number): boolean {
    const [first] = this.#packets
    if (first === undefined) return false
    if (!this.isAnswered && now - first.sentAt >= SILENT_MS) return true
    if (this.#packets.length < this.#plan.count) return false
    const last = this.#packets.at(-1) ?? first
    return this.#answered === this.#packets.length || now - last.sentAt >= this.#plan.lateMs
  }

  #stalledMs(from: number, to: number): number {
    return this.#stalls.reduce((sum, stall) => {
      return sum + Math.max(0, Math.min(to, stall.to) - Math.max(from, stall.from))
    }, 0)
  }
}
