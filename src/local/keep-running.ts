import { startChatServer } from './chat-page/chat-server.ts'
import { dataFolderOf } from './options.ts'
import { findRunning, holdFolder } from './running.ts'
import { LOOK_MS, type Outcome, type Session, startSession } from './session.ts'
import { untilFound } from './waiting.ts'

/** The hub's usual port: the one that Microsoft's emulators call. */
const HUB_PORT = 3978

/** As long as an answer of `--once` may take, with its start and its end. */
const WAIT_MS = 150_000

const SUGGESTIONS = [
  'check office Seattle',
  'check office London',
  'check all',
  'status',
  'offices',
  'why London local-dns',
  'alert all',
  'me',
  'help',
]

/** `npm start`: everything on this machine with a chat page, until it is stopped. */
export async function keepRunning(session: Session): Promise<Outcome> {
  const { options, clock, say } = session
  const dataFolder = dataFolderOf(options)
  const found = await untilFound(
    async () => {
      const holding = holdFolder(dataFolder)
      if (holding) return { holding }
      const running = await findRunning(dataFolder)
      return running?.chatUrl ? { chatUrl: running.chatUrl } : null
    },
    { everyMs: LOOK_MS, ms: WAIT_MS, clock },
  )
  if (found === null) return { code: 1, problem: stuck(dataFolder) }
  if ('chatUrl' in found) {
    say(`Doorstep already runs here: ${found.chatUrl}`)
    return { code: 0, problem: null }
  }
  const { holding } = found
  const port = options.port ?? HUB_PORT
  const hubUrl = `http://127.0.0.1:${port}`
  // Before anything else is started: a taken port is said at once.
  const chat = await startChatServer({
    port: options.port === null ? port + 1 : 0,
    hubUrl: `${hubUrl}/api/messages`,
    suggestions: SUGGESTIONS,
    clock,
  })
  const local = await startSession(session, port, true)
  holding.announce({ hubUrl, chatUrl: chat.url, here: true })
  say(`Doorstep is ready. Open ${chat.url} and type: check office Seattle`)
  void local.startHere()
  const broken = await Promise.race([session.stopped.then(() => null), local.broken])
  holding.withdraw()
  await chat.close()
  await local.stop()
  holding.leave()
  return broken === null
    ? { code: 0, problem: null }
    : { code: 1, problem: `Doorstep stopped, for the hub ends as soon as it is started: ${broken}` }
}

/** The sentence for a folder that somebody holds without ever answering. */
export function stuck(dataFolder: string): string {
  return `Another Doorstep holds ${dataFolder} and does not answer; end it, or choose another folder with --data.`
}
