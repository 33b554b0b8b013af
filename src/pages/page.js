import { callOn, lookUp, ownZone, timeDoor } from './measure.js'
import { head, live, part, problem, result, steps, take } from './show.js'
import { t } from './words.js'

/** As on the card. */
const TITLES = { exchange: 'Exchange', sharepoint: 'SharePoint', teams: 'Teams' }

const POST_MS = 20_000

/** Out of the address at once: it must not stay in the history, nor on a screen that is shared. */
const code = location.hash.slice(1)
history.replaceState(null, '', location.pathname)

async function post(path, body) {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    credentials: 'omit',
    signal: AbortSignal.timeout(POST_MS),
  })
  return { status: answer.status, body: answer.status === 204 ? null : await answer.json() }
}

const NEW_LINK = t`Say “me” to Doorstep in your personal chat: it makes a new link.`

function refused(status) {
  if (status === 429) problem(t`Too many tries`, t`Wait a minute, then ask for a new link in your chat.`)
  else problem(t`This link is used, or too old`, t`A link is good once, for ten minutes. ${NEW_LINK}`)
}

async function run() {
  document.getElementById('start').disabled = true
  const spent = await post('/me/spend', { code })
  if (spent.status !== 200) return refused(spent.status)
  const { key, doors, seen, names } = spent.body
  part('during')
  head(t`Looking…`, t`Please leave this page open.`)
  const titles = [
    t`Your way out`,
    t`Your DNS server`,
    ...doors.map(({ name }) => TITLES[name] ?? name),
    t`Result`,
  ]
  const list = steps(titles)

  list.begin(0)
  const answered = await callOn(seen)
  list.end(0, seen.length === 0 || answered > 0 ? t`seen` : t`seen by one address`)

  list.begin(1)
  await lookUp(names)
  list.end(1, names.length === 0 ? t`no beacon to ask` : t`looked up`)

  const found = []
  for (const [at, door] of doors.entries()) {
    list.begin(at + 2)
    const one = await timeDoor(door)
    found.push(one)
    const words = { answered: `${one.ms} ms`, silent: t`no answer`, redirected: t`sent elsewhere` }
    list.end(at + 2, words[one.kind])
  }

  list.begin(titles.length - 1)
  const told = await post('/me/result', { key, timeZone: ownZone(), doors: found })
  if (told.status !== 200) {
    problem(t`The result was not taken`, t`It came too late, or it was forgotten meanwhile. ${NEW_LINK}`)
    return
  }
  result(told.body)
}

function start() {
  run().catch(() => {
    problem(
      t`Doorstep did not answer`,
      t`Your connection to Doorstep broke off. If this network has a sign-in page, sign in there first. Then ask for a new link in your chat.`,
    )
  })
}

document.getElementById('start').addEventListener('click', start)
document.getElementById('take').addEventListener('click', take)
if (code === '') problem(t`This page needs a link`, NEW_LINK)
else {
  part('before')
  live('')
}
