import { onSchemeChange } from './cards.js'
import { conversationsOf, drawList, drawMessages } from './conversation.js'
import { element, paintAvatar } from './message.js'

const $ = (id) => document.getElementById(id)
const TOAST_MS = 6_000
const TYPING_MS = 5_000
/** Closer to the end than this counts as reading along. */
const NEAR_END_PX = 120
/** Kept free above a message that is taller than the page. */
const ABOVE_LAST_PX = 12

const view = {
  personId: '',
  conversationId: '',
  threadId: null,
  unread: new Set(),
  typing: new Map(),
  /** Cards that an answer put in place of a message's own, until that message is edited. */
  replacements: new Map(),
  failed: new Map(),
  /** What is on the page, by message. */
  drawn: new Map(),
}
let state

async function call(path, body) {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`the local chat answered ${answer.status}`)
  return answer.json()
}

function toast(text, isError) {
  const box = element('div', isError ? 'toast error' : 'toast', `${isError ? '✕' : '✓'} ${text}`)
  $('toasts').append(box)
  setTimeout(() => box.remove(), TOAST_MS)
}

function drawAll(toEnd = false) {
  const scroll = $('scroll')
  const wasNear = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_END_PX
  const conversation = state.conversations.find(({ id }) => id === view.conversationId)
  const inChannel = conversation.kind === 'channel'
  drawList($('conversations'), state, view, choose)
  drawMessages($('messages'), state, view, { press, reply })
  $('title').textContent = conversation.title
  $('subtitle').textContent = inChannel ? `Channel in ${state.team.name}` : 'Personal chat with the bot'
  const newPost = inChannel && view.threadId === null
  $('text').placeholder = newPost ? 'Post to Doorstep' : 'Write to Doorstep'
  $('replying').hidden = view.threadId === null
  if (toEnd || wasNear) showLast(scroll)
}

/**
 * Scrolls to the end, yet never past the beginning of the last message, nor past the question right above it: a tall
 * card says first what matters most.
 */
function showLast(scroll) {
  scroll.scrollTop = scroll.scrollHeight
  const last = [...scroll.querySelectorAll('.message')].at(-1)
  if (!last) return
  const above = last.previousElementSibling
  const first = above?.classList.contains('own') ? above : last
  const hidden = scroll.getBoundingClientRect().top + ABOVE_LAST_PX - first.getBoundingClientRect().top
  if (hidden > 0) scroll.scrollTop -= hidden
}

function choose(conversationId) {
  view.drawn.clear()
  view.conversationId = conversationId
  view.unread.delete(conversationId)
  view.threadId = null
  drawAll(true)
}

function become(personId) {
  view.personId = personId
  view.replacements.clear()
  paintAvatar($('person-avatar'), state, personId)
  $('person-title').textContent = `· ${state.people.find(({ objectId }) => objectId === personId).title}`
  const mine = conversationsOf(state, personId)
  const kept = mine.find(({ id }) => id === view.conversationId)
  choose((kept ?? mine[0]).id)
}

function reply(root, message) {
  view.threadId = root
  const start = (message.text || message.summary || 'this post').slice(0, 60)
  $('replying-text').textContent = `Replying to: ${start}`
  drawAll()
  $('text').focus()
}

async function press(message, action) {
  const { personId } = view
  const where = { personId, conversationId: message.conversationId, messageId: message.id }
  try {
    const answer = await call('/api/press', { ...where, ...action })
    if (answer.kind === 'message') toast(answer.text, false)
    if (answer.kind === 'error') toast(answer.text, true)
    if (answer.kind === 'card' && personId === view.personId) {
      view.replacements.set(message.id, answer.card)
      drawAll()
    }
  } catch {
    toast('The local chat does not answer.', true)
  }
}

async function say(text) {
  const { personId, conversationId, threadId } = view
  try {
    const sent = await call('/api/say', { personId, conversationId, threadId, text })
    if (sent.delivered) return
    const why = sent.status === 0 ? 'Doorstep does not answer.' : `Doorstep refused this (${sent.status}).`
    const last = state.messages.findLast(
      (message) => message.personId === personId && message.conversationId === conversationId,
    )
    if (last) view.failed.set(last.id, `✕ Not delivered. ${why}`)
    drawAll(true)
  } catch {
    toast('The local chat does not answer.', true)
  }
}

function take(change) {
  if (change.seq <= state.seq) return
  state.seq = change.seq
  if (change.kind === 'typing') return showTyping(change.conversationId)
  if (change.kind === 'delete') {
    state.messages = state.messages.filter(({ id }) => id !== change.id)
    return drawAll()
  }
  const { message } = change
  if (change.kind === 'edit') view.replacements.delete(message.id)
  const at = state.messages.findIndex(({ id }) => id === message.id)
  if (at < 0) state.messages.push(message)
  else state.messages[at] = message
  if (message.personId === null) view.typing.delete(message.conversationId)
  if (message.conversationId !== view.conversationId) view.unread.add(message.conversationId)
  drawAll(change.kind === 'message' && message.personId === view.personId)
}

function showTyping(conversationId) {
  clearTimeout(view.typing.get(conversationId))
  const end = setTimeout(() => {
    view.typing.delete(conversationId)
    drawAll()
  }, TYPING_MS)
  view.typing.set(conversationId, end)
  drawAll()
}

async function load() {
  const answer = await fetch('/api/state')
  state = await answer.json()
  $('person').replaceChildren(
    ...state.people.map(({ objectId, name }) => {
      const option = element('option', '', name)
      option.value = objectId
      return option
    }),
  )
  $('suggestions').replaceChildren(
    ...state.suggestions.map((text) => {
      const chip = element('button', 'chip', text)
      chip.type = 'button'
      chip.addEventListener('click', () => say(text))
      const row = element('li')
      row.append(chip)
      return row
    }),
  )
  const known = state.people.some(({ objectId }) => objectId === view.personId)
  become(known ? view.personId : state.people[0].objectId)
  $('person').value = view.personId
}

function grow() {
  const text = $('text')
  text.style.height = 'auto'
  text.style.height = `${text.scrollHeight}px`
}

$('compose').addEventListener('submit', (event) => {
  event.preventDefault()
  const text = $('text').value.trim()
  if (text === '' || !state) return
  $('text').value = ''
  grow()
  say(text)
})
$('text').addEventListener('input', grow)
$('text').addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
  event.preventDefault()
  $('compose').requestSubmit()
})
$('person').addEventListener('change', (event) => become(event.target.value))
$('replying-stop').addEventListener('click', () => {
  view.threadId = null
  drawAll()
})
onSchemeChange(() => {
  view.drawn.clear()
  if (state) drawAll()
})

const events = new EventSource('/api/events')
// Changes between reading the state and the first event are not lost: the stream is open before the state is read.
let waiting = []
events.addEventListener('open', async () => {
  waiting = []
  await load()
  for (const change of waiting) take(change)
  waiting = null
  $('offline').hidden = true
})
events.addEventListener('message', (event) => {
  const change = JSON.parse(event.data)
  if (waiting) waiting.push(change)
  else take(change)
})
events.addEventListener('error', () => {
  $('offline').hidden = false
})
