import { drawCard } from './cards.js'

const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })

/** Makes an element. Text is only ever set as text. */
export function element(tag, className, text) {
  const made = document.createElement(tag)
  if (className) made.className = className
  if (text !== undefined) made.textContent = text
  return made
}

/** The round picture of a person, or the bot's own. */
export function avatar(state, personId, className = 'avatar') {
  const made = element('span', className)
  made.setAttribute('aria-hidden', 'true')
  paintAvatar(made, state, personId)
  return made
}

export function paintAvatar(made, state, personId) {
  if (personId === null) {
    const image = element('img')
    image.src = '/icon.svg'
    image.alt = ''
    made.classList.add('square')
    made.replaceChildren(image)
    return
  }
  const at = state.people.findIndex((person) => person.objectId === personId)
  const name = state.people[at]?.name ?? '?'
  made.dataset.tone = String(at % 3)
  made.textContent = name
    .split(' ')
    .map((part) => part[0] ?? '')
    .join('')
    .slice(0, 2)
}

/**
 * Draws one message. `context` holds the person who looks, whether this is a channel, the card that an answer put in
 * place of the message's own, and what to do with a pressed button.
 */
export function drawMessage(state, message, context) {
  const isBot = message.personId === null
  const own = !context.inChannel && message.personId === context.personId
  const row = element('article', own ? 'message own' : 'message')
  row.dataset.id = message.id
  if (!own) row.append(avatar(state, message.personId))
  const column = element('div', 'column')
  column.append(byline(state, message, own))
  if (message.text) column.append(bubble(state, message, context.inChannel && !isBot))
  const cards = context.replacement ? [context.replacement] : message.cards
  for (const card of cards) column.append(drawCard(card, (action) => context.press(message, action)))
  if (context.failed) {
    row.classList.add('failed')
    column.append(element('p', 'failed-note', context.failed))
  }
  row.append(column)
  return row
}

function byline(state, message, own) {
  const line = element('p', 'by')
  const person = state.people.find(({ objectId }) => objectId === message.personId)
  if (!own) line.append(element('b', '', person?.name ?? state.bot.name))
  const time = element('time', '', TIME.format(message.at))
  time.dateTime = new Date(message.at).toISOString()
  line.append(time)
  if (message.editedAt !== null) line.append(element('span', 'edited', 'Edited'))
  return line
}

function bubble(state, message, mentionsBot) {
  const box = element('div', 'bubble')
  if (mentionsBot) box.append(element('span', 'at', state.bot.name), ' ')
  box.append(message.text)
  return box
}
