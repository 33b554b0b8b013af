/** The hub's times in ms. One table, so that tests can run all of them at a twentieth. */
export interface HubTimes {
  /** A check is closed with what is in. Timed probes end within 26 s even over a 150 ms path; the rest is waiting. */
  readonly deadline: number
  /** Between two edits of one card: Teams allows one send per second and conversation, half of it is left to others. */
  readonly edit: number
  /** Between a card's post and its first edit, when there is a verdict to show: Teams allows one send per second. */
  readonly afterPost: number
  /** The first edit waits this long for a verdict: one 250 ms away, where probes follow each other, comes after 3.3 s. */
  readonly firstEdit: number
  /** Between two edits of a living dashboard: it shares its channel's allowance with all that people ask there. */
  readonly dashboard: number
  /** Between two writes of one office's measurements: several arrive together, and each is answered once stored. */
  readonly write: number
  /** A runner without an open poll for this long is silent: two polls of 25 s and a little. */
  readonly silent: number
  /** A long poll is held this long at most: proxies cut idle answers at 30 s. */
  readonly hold: number
  /** A post whose fate is not known is repeated after this, marked as re-sent. */
  readonly resend: number
  /** Open work is finished within this at a stop. */
  readonly drain: number
  /** A verdict that changed is checked again after this: long enough for a moment to pass, soon enough to be news. */
  readonly recheck: number
  /** Offices of alerts are checked this often, if nobody else had them checked: their evidence then counts all the time. */
  readonly watch: number
  /** Without a poll for this long a runner is worth an alert: a restart of its machine takes less. */
  readonly silentAlert: number
  /** Between two looks at what is wrong. */
  readonly look: number
  /** Between two questions about the hub's own state that cost something: the beacon, a row for each conversation. */
  readonly own: number
}

export const HUB_TIMES: HubTimes = {
  deadline: 60_000,
  edit: 2_000,
  afterPost: 1_000,
  firstEdit: 3_600,
  dashboard: 5_000,
  write: 500,
  silent: 60_000,
  hold: 25_000,
  resend: 10_000,
  drain: 25_000,
  recheck: 120_000,
  watch: 30 * 60_000,
  silentAlert: 5 * 60_000,
  look: 30_000,
  own: 120_000,
}

/** All times multiplied, for tests: `scaled(1 / 20)` runs a minute's deadline in three seconds. */
export function scaledTimes(factor: number): HubTimes {
  const entries = Object.entries(HUB_TIMES).map(([name, ms]) => [name, Math.max(1, Math.round(ms * factor))])
  return Object.fromEntries(entries) as unknown as HubTimes
}
