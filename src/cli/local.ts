import { appendFileSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { ConfigError, EXIT_CONFIG } from '../config/config-error.ts'
import type { Env } from '../config/env-reader.ts'
import { readStoreChoice } from '../config/hub-config.ts'
import { startChatServer } from '../local/chat-page/chat-server.ts'
import { answerLines, type FinalAnswer, sayOnce } from '../local/once.ts'
import {
  dataFolderOf,
  LOCAL_HELP,
  type LocalOptions,
  OptionsError,
  readLocalOptions,
} from '../local/options.ts'
import { announce, findRunning } from '../local/running.ts'
import type { Here } from '../local/seed.ts'
import { freePort, type Local, type Programs, startLocal } from '../local/supervisor.ts'
import { WorldFolderError } from '../local/world-folder.ts'
import { systemClock } from '../os/clock.ts'
import { systemRandom } from '../os/random.ts'
import { cityNamed } from '../places/cities.ts'
import { CannotOpenStore } from '../store/cannot-open.ts'
import { untilStopped } from './until-stopped.ts'

/** The hub's usual port: the one that Microsoft's emulators call. */
const HUB_PORT = 3978

/** `doorstep local`: everything on this machine, or one message to it. */
export async function local(argv: readonly string[], env: Env, programs: Programs): Promise<number> {
  try {
    const options = readLocalOptions(argv)
    if (options === 'help') {
      process.stdout.write(LOCAL_HELP)
      return 0
    }
    return await (options.once === null
      ? keepRunning(options, env, programs)
      : answerOnce(options, options.once, env, programs))
  } catch (error) {
    const told = error instanceof OptionsError || error instanceof WorldFolderError
    if (told || error instanceof ConfigError || error instanceof CannotOpenStore) {
      process.stderr.write(`${error.message}\n`)
      return EXIT_CONFIG
    }
    process.stderr.write(`Doorstep could not start: ${(error as Error).message}\n`)
    return 1
  }
}

async function keepRunning(options: LocalOptions, env: Env, programs: Programs): Promise<number> {
  const dataFolder = dataFolderOf(options)
  const already = await findRunning(dataFolder)
  if (already) {
    process.stdout.write(`Doorstep already runs here: ${already.chatUrl ?? already.hubUrl}\n`)
    return 0
  }
  const port = options.port ?? HUB_PORT
  const running = await start(options, env, programs, port)
  const chat = await startChatServer({
    port: options.port === null ? port + 1 : 0,
    hubUrl: `${running.hubUrl}/api/messages`,
    suggestions: SUGGESTIONS,
    clock: systemClock(),
  }).catch(async (error: unknown) => {
    await running.stop()
    throw error
  })
  announce(dataFolder, { pid: process.pid, hubUrl: running.hubUrl, chatUrl: chat.url })
  process.stdout.write(`Doorstep is ready. Open ${chat.url} and type: check office Seattle\n`)
  void running.startHere().catch(() => undefined)
  const broken = await Promise.race([untilStopped(false).then(() => null), running.broken])
  await chat.close()
  await running.stop()
  if (broken === null) return 0
  process.stderr.write(`Doorstep stopped: ${broken}\n`)
  return 1
}

async function answerOnce(
  options: LocalOptions,
  text: string,
  env: Env,
  programs: Programs,
): Promise<number> {
  const already = await findRunning(dataFolderOf(options))
  if (already) return print(await sayOnce(already.hubUrl, text), options.json)
  const running = await start(options, env, programs, options.port ?? (await freePort()))
  try {
    if (/\bhere\b/i.test(text)) await running.startHere()
    return print(await sayOnce(running.hubUrl, text), options.json)
  } finally {
    await running.stop()
  }
}

/** 0 for any answer, whatever its verdict; 1 for a refusal or none. */
function print(answer: FinalAnswer | null, json: boolean): number {
  if (answer === null) {
    process.stderr.write('There was no answer. The log under the data folder says why.\n')
    return 1
  }
  const text = json ? JSON.stringify(answer.card, null, 2) : answerLines(answer).join('\n')
  process.stdout.write(`${text}\n`)
  return answer.refused ? 1 : 0
}

function start(options: LocalOptions, env: Env, programs: Programs, port: number): Promise<Local> {
  const dataFolder = dataFolderOf(options)
  mkdirSync(dataFolder, { recursive: true })
  const logFile = path.join(dataFolder, 'local.log')
  return startLocal({
    programs,
    env,
    dataFolder,
    worldFolder: options.world === null ? null : path.resolve(options.world),
    store: readStoreChoice(env, path.join(dataFolder, 'store')),
    here: hereOf(options.here),
    port,
    clock: systemClock(),
    random: systemRandom,
    log: (program, line) => appendFileSync(logFile, `${program} ${line}\n`),
  })
}

function hereOf(city: string | null): Here {
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone
  if (city === null) return { at: null, timeZone, city: null }
  const found = cityNamed(city)
  if (!found)
    throw new OptionsError(
      `--here does not know "${city}"; name a large city near you, for example --here Lyon`,
    )
  return { at: found, timeZone: found.timeZone, city: found.name }
}

const SUGGESTIONS = [
  'check office Seattle',
  'check office London',
  'check all',
  'status',
  'offices',
  'why London local-dns',
  'help',
]
