import type { Mention } from '../core/chat.ts'
import type { Activity } from './activity.ts'

/** One mention as Teams writes it into the text. */
const SPAN = /<at(?:\s[^<>]*)?>([^<>]*)<\/at>/gi

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
}

/** Decodes HTML's character references once: the few names that Teams writes, and numbers. Others stay as they are. */
export function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,4}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return NAMED[String(name).toLowerCase()] ?? whole
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
    const valid = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
    return valid ? String.fromCodePoint(code) : whole
  })
}

/**
 * What a message says to the bot. Mentions are known by the activity's entities, never by what the text looks like: the
 * bot's are taken out, other people's become `@Name` and are returned, and a typed `<at>Everyone</at>` stays plain text.
 * Then character references are decoded and no-break and zero-width spaces become spaces.
 */
export function messageText(activity: Activity): { text: string; mentions: Mention[] } {
  const found = mentionsOf(activity)
  const botNames = new Set(found.filter((mention) => mention.isBot).map((mention) => mention.key))
  const left = [...found]
  const mentions: Mention[] = []
  const withoutSpans = (activity.text ?? '').replace(SPAN, (whole, inner: string) => {
    const key = keyOf(inner)
    const at = left.findIndex((mention) => mention.key === key)
    const [match] = at < 0 ? [] : left.splice(at, 1)
    if (match ? match.isBot : botNames.has(key)) return ' '
    if (!match) return whole
    const name = plain(decodeEntities(inner))
    mentions.push({ id: match.id, name, text: `@${name}` })
    return `@${inner}`
  })
  // Some clients write the mention without its tag; the entity still says what to take out.
  const text = left
    .filter((mention) => mention.isBot && mention.raw !== '' && !mention.raw.includes('<'))
    .reduce((rest, mention) => rest.replace(mention.raw, () => ' '), withoutSpans)
  return { text: plain(decodeEntities(text)), mentions }
}

interface Found {
  readonly id: string
  readonly isBot: boolean
  readonly raw: string
  readonly key: string
}

function mentionsOf(activity: Activity): Found[] {
  return (activity.entities ?? []).flatMap((entity) => {
    const id = entity.mentioned?.id
    if (entity.type !== 'mention' || !id) return []
    const raw = entity.text || `<at>${entity.mentioned?.name ?? ''}</at>`
    return [{ id, isBot: id === activity.recipient.id, raw, key: keyOf(raw.replace(SPAN, '$1')) }]
  })
}

/** Entity and text may differ in case and in how far they are encoded. */
function keyOf(inner: string): string {
  return plain(decodeEntities(inner)).toLowerCase()
}

function plain(text: string): string {
  return text
    .replace(/[\u00a0\u200b\ufeff]/g, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
}
