import type { Clock } from '../core/ports.ts'
import { stuck } from './keep-running.ts'
import { answerLines, type FinalAnswer, sayOnce } from './once.ts'
import { dataFolderOf } from './options.ts'
import { freePort } from './ports.ts'
import { askHealth, findRunning, type Holding, holdFolder } from './running.ts'
import { LOOK_MS, type Outcome, type Session, startSession } from './session.ts'
import { pause, untilFound } from './waiting.ts'

/** As long as the answers of a few others on the same folder may take. */
const WAIT_MS = 150_000

/** A check ends within its deadline of 60 s; whoever joined and left again is not waited for any longer. */
const IDLE_MS = 70_000

/** A hub that does not answer for this long, with a restart in between, is gone. */
const GONE_MS = 10_000

/** The machine's own runner is started right after the others. */
const HERE_MS = 10_000

/** `--once`: one message to a local mode that runs on the folder, or to one that is started for it and ended after it. */
export async function answerOnce(session: Session, text: string): Promise<Outcome> {
  const { options, clock, say } = session
  const dataFolder = dataFolderOf(options)
  const withHere = /\bhere\b/i.test(text)
  const until = clock.monotonic() + WAIT_MS
  for (;;) {
    const found = await untilFound(
      async () => {
        const holding = holdFolder(dataFolder)
        if (holding) return { holding }
        const running = await findRunning(dataFolder)
        return running && (running.here || !withHere) ? { running } : null
      },
      { everyMs: LOOK_MS, ms: until - clock.monotonic(), clock },
    )
    if (found === null) return { code: 1, problem: stuck(dataFolder) }
    const answer =
      'holding' in found
        ? await answerAlone(session, found.holding, text, withHere)
        : await answerThere(found.running.hubUrl, text, withHere, clock)
    // One that was joined may end before it answers; then we are the next to start one.
    if (answer === null && 'running' in found && (await askHealth(found.running.hubUrl)) === null) continue
    return outcomeOf(answer, options.json, say)
  }
}

/** Starts everything, asks, waits for whoever joined meanwhile, and ends everything. */
async function answerAlone(
  session: Session,
  holding: Holding,
  text: string,
  withHere: boolean,
): Promise<FinalAnswer | null> {
  const { options, clock } = session
  const local = await startSession(session, options.port ?? (await freePort()), withHere)
  try {
    if (withHere) await local.startHere()
    holding.announce({ hubUrl: local.hubUrl, chatUrl: null, here: withHere })
    const gone = Promise.race([session.stopped, local.broken.then(() => undefined)])
    const answer = await sayOnce(local.hubUrl, text, { clock, gone })
    holding.withdraw()
    await Promise.race([untilIdle(local.hubUrl, clock), gone])
    return answer
  } finally {
    await local.stop()
    holding.leave()
  }
}

async function answerThere(
  hubUrl: string,
  text: string,
  withHere: boolean,
  clock: Clock,
): Promise<FinalAnswer | null> {
  if (withHere) await untilHere(hubUrl, clock)
  const done = new AbortController()
  try {
    return await sayOnce(hubUrl, text, { clock, gone: untilGone(hubUrl, clock, done.signal) })
  } finally {
    done.abort()
  }
}

/** Ends when no check runs any more: those who joined have their answers then. */
async function untilIdle(hubUrl: string, clock: Clock): Promise<void> {
  await untilFound(async () => ((await askHealth(hubUrl))?.checks ? null : true), {
    everyMs: LOOK_MS,
    ms: IDLE_MS,
    clock,
  })
}

async function untilHere(hubUrl: string, clock: Clock): Promise<void> {
  const polls = async () =>
    (await askHealth(hubUrl))?.runnersOnline.some((name) => name.startsWith('here-')) ? true : null
  await untilFound(polls, { everyMs: LOOK_MS, ms: HERE_MS, clock })
}

async function untilGone(hubUrl: string, clock: Clock, done: AbortSignal): Promise<void> {
  let heard = clock.monotonic()
  while (!done.aborted && clock.monotonic() - heard < GONE_MS) {
    if (await askHealth(hubUrl)) heard = clock.monotonic()
    await pause(clock, GONE_MS / 10)
  }
}

/** 0 for any answer, whatever its verdict; 1 for a refusal or none. */
function outcomeOf(answer: FinalAnswer | null, json: boolean, say: (sentence: string) => void): Outcome {
  if (answer === null) {
    return { code: 1, problem: 'There was no answer. The log under the data folder says why.' }
  }
  say(json ? JSON.stringify(answer.card, null, 2) : answerLines(answer).join('\n'))
  return { code: answer.refused ? 1 : 0, problem: null }
}
