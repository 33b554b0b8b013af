import { hostConfig } from './host-config.js'

const dark = matchMedia('(prefers-color-scheme: dark)')

/** Calls back when the colour scheme changes, since colours are part of a drawn card. */
export function onSchemeChange(run) {
  dark.addEventListener('change', run)
}

/** Draws a card; `press` gets `{verb, data, submit}` of a pressed button, its card's inputs included. */
export function drawCard(json, press) {
  const { AdaptiveCard, HostConfig } = globalThis.AdaptiveCards
  // Texts are shown as they are: without a Markdown processor nothing of a card ever becomes HTML.
  AdaptiveCard.onProcessMarkdown = (_text, result) => {
    result.didProcess = false
  }
  const box = document.createElement('div')
  box.className = 'card'
  try {
    const card = new AdaptiveCard()
    card.hostConfig = new HostConfig(hostConfig(dark.matches))
    card.onExecuteAction = (action) => execute(action, box, press)
    card.parse(json)
    const drawn = card.render()
    if (drawn) box.append(drawn)
  } catch {
    box.replaceChildren()
  }
  if (!box.hasChildNodes()) box.append(cannotDraw(json))
  return box
}

async function execute(action, box, press) {
  const type = action.getJsonTypeName()
  if (type === 'Action.OpenUrl') {
    const url = URL.canParse(action.url) ? new URL(action.url) : null
    if (url && (url.protocol === 'https:' || url.protocol === 'http:'))
      open(url, '_blank', 'noopener,noreferrer')
    return
  }
  if (type !== 'Action.Execute' && type !== 'Action.Submit') return
  if (box.getAttribute('aria-busy') === 'true') return
  box.setAttribute('aria-busy', 'true')
  try {
    const data = typeof action.data === 'object' && action.data !== null ? action.data : {}
    await press({ verb: action.verb ?? '', data, submit: type === 'Action.Submit' })
  } finally {
    box.removeAttribute('aria-busy')
  }
}

function cannotDraw(json) {
  const note = document.createElement('p')
  note.className = 'no-card'
  const said = typeof json?.fallbackText === 'string' ? json.fallbackText : ''
  note.textContent = said || 'This card could not be drawn.'
  return note
}
