import { avatar, drawMessage, element } from './message.js'

/** The conversations that this person sees: the own personal chat and the channels. */
export function conversationsOf(state, personId) {
  return state.conversations.filter(({ ownerId }) => ownerId === null || ownerId === personId)
}

/** Draws the list of conversations. */
export function drawList(list, state, view, choose) {
  const rows = conversationsOf(state, view.personId).map((conversation) => {
    const button = element('button', 'conversation')
    button.type = 'button'
    button.setAttribute('aria-current', String(conversation.id === view.conversationId))
    button.append(mark(state, conversation), element('span', 'name', conversation.title))
    button.append(element('span', 'last', lastOf(state, conversation)))
    if (view.unread.has(conversation.id)) {
      const dot = element('span', 'unread')
      dot.setAttribute('aria-label', 'unread')
      dot.setAttribute('role', 'img')
      button.append(dot)
    }
    button.addEventListener('click', () => choose(conversation.id))
    const row = element('li')
    row.append(button)
    return row
  })
  list.replaceChildren(...rows)
}

function mark(state, conversation) {
  if (conversation.kind === 'personal') return avatar(state, null, 'avatar mark')
  const hash = element('span', 'avatar square mark', '#')
  hash.setAttribute('aria-hidden', 'true')
  return hash
}

function lastOf(state, conversation) {
  const last = state.messages.findLast(({ conversationId }) => conversationId === conversation.id)
  if (!last) return conversation.kind === 'personal' ? 'Personal chat' : `Channel in ${state.team.name}`
  return last.text || last.summary || 'Card'
}

/** Draws the messages of the chosen conversation, in a channel as threads. */
export function drawMessages(box, state, view, actions) {
  const conversation = state.conversations.find(({ id }) => id === view.conversationId)
  const inChannel = conversation.kind === 'channel'
  const here = state.messages.filter(({ conversationId }) => conversationId === conversation.id)
  const draw = (message) => {
    const replacement = view.replacements.get(message.id)
    const failed = view.failed.get(message.id)
    const key = [message.editedAt, replacement !== undefined, failed].join()
    return kept(view, message.id, key, () => drawFresh(message, replacement, failed))
  }
  const drawFresh = (message, replacement, failed) =>
    drawMessage(state, message, {
      inChannel,
      personId: view.personId,
      replacement,
      failed,
      press: actions.press,
    })
  const rows = inChannel ? threads(here, view, draw, actions.reply) : here.map(draw)
  if (rows.length === 0) rows.push(welcome(inChannel))
  if (view.typing.has(conversation.id)) rows.push(typing())
  reconcile(box, rows)
}

/** What was drawn stays in place while nothing about it changes: half-filled inputs and focus survive other edits. */
function kept(view, id, key, draw) {
  const before = view.drawn.get(id)
  if (before?.key === key) return before.node
  const node = draw()
  view.drawn.set(id, { key, node })
  return node
}

/** Makes these the children, without taking out and putting back those that are there already. */
function reconcile(parent, nodes) {
  const wanted = new Set(nodes)
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove()
  nodes.forEach((node, at) => {
    const there = parent.childNodes[at] ?? null
    if (there !== node) parent.insertBefore(node, there)
  })
}

function threads(messages, view, draw, reply) {
  const groups = new Map()
  for (const message of messages) {
    const root = message.threadId ?? message.id
    groups.set(root, [...(groups.get(root) ?? []), message])
  }
  return [...groups].map(([root, members]) => {
    const block = kept(view, `thread ${root}`, '', () => element('section', 'thread'))
    const button = kept(view, `reply ${root}`, '', () => {
      const made = element('button', 'reply', 'Reply')
      made.type = 'button'
      made.addEventListener('click', () => reply(root, members[0]))
      return made
    })
    reconcile(block, [...members.map(draw), button])
    return block
  })
}

function welcome(inChannel) {
  const box = element('div', 'welcome')
  const image = element('img')
  image.src = '/icon.svg'
  image.alt = ''
  const what = inChannel
    ? 'Here a whole team sees what Doorstep answers. Your posts mention Doorstep by themselves.'
    : 'Doorstep looks at an office from inside and says, criterion by criterion, whether its way to Microsoft 365 is as short as it can be.'
  box.append(image, element('h3', '', 'Is the office ready for Microsoft 365?'), element('p', '', what))
  return box
}

function typing() {
  const box = element('div', 'typing')
  box.setAttribute('role', 'img')
  box.setAttribute('aria-label', 'Doorstep is writing')
  box.append(element('i'), element('i'), element('i'))
  return box
}
