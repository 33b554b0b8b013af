import { t } from './words.js'

/** What the page shows. Every text goes in as text: nothing that came from anywhere is read as markup. */

const MARKS = { well: '✓', 'not-well': '✕', unknown: '?' }

const byId = (id) => document.getElementById(id)

function element(tag, className, text) {
  const made = document.createElement(tag)
  if (className !== '') made.className = className
  made.textContent = text
  return made
}

/** Shows one of the page's three parts and no other. */
export function part(name) {
  for (const id of ['before', 'during', 'after']) byId(id).hidden = id !== name
}

/** Says a sentence, also to screen readers. */
export function live(text) {
  byId('live').textContent = text
}

/** The title and the sentence below; the title takes the focus, so that a reader goes on from there. */
export function head(title, lead) {
  byId('title').textContent = title
  byId('lead').textContent = lead
  byId('title').focus()
}

/** A list of steps, each waiting; the answer sets the state of one. */
export function steps(titles) {
  const bar = byId('bar')
  bar.max = titles.length
  bar.value = 0
  const states = titles.map((title) => {
    const row = element('li', '', '')
    const state = element('span', 'state', t`waiting`)
    row.append(element('span', '', title), state)
    byId('steps').append(row)
    return state
  })
  return {
    begin(at) {
      states[at].textContent = t`looking…`
      live(t`${titles[at]}: looking`)
    },
    end(at, word) {
      states[at].textContent = word
      bar.value = at + 1
      live(`${titles[at]}: ${word}`)
    },
  }
}

/** The result, in the words of the hub. */
export function result({ title, todo, lines, compare, office, copy }) {
  document.title = `${title} – Doorstep`
  part('after')
  live('')
  byId('lines').replaceChildren(
    ...lines.map(({ about, state, word, says }) => {
      const row = element('li', state in MARKS ? state : 'unknown', '')
      const top = element('span', 'head', '')
      top.append(element('span', 'mark', MARKS[state] ?? '?'), ` ${about}: `, element('span', 'word', word))
      row.append(top, element('span', 'says', says))
      return row
    }),
  )
  byId('office').textContent = office
  byId('copy').value = copy
  head(title, `${compare} ${todo}`)
}

/** Something that ends the page: what happened, and what to do. */
export function problem(title, todo) {
  part('none')
  live('')
  head(title, todo)
}

/** Gives the text to the clipboard; where that is not allowed it is selected, so that a key press copies it. */
export async function take() {
  const copy = byId('copy')
  try {
    await navigator.clipboard.writeText(copy.value)
    byId('taken').textContent = t`Copied.`
  } catch {
    copy.focus()
    copy.select()
    byId('taken').textContent = t`Selected: press Ctrl+C.`
  }
}
