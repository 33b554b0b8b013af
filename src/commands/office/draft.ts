import { outside } from '../../cards/text.ts'
import type { Position } from '../../core/geography.ts'
import type { Office } from '../../core/office.ts'
import { t } from '../../core/t.ts'
import { isTimeZone } from '../../core/zoned-day.ts'
import { fold } from '../words.ts'
import { aliasesIn, doorsIn, nameProblem, plainText, tagsIn } from './names.ts'
import { readRanges } from './ranges.ts'

/** The fields of an office that people fill in, in the order in which forms show them. */
export const FIELDS = [
  'name',
  'place',
  'zone',
  'aliases',
  'tags',
  'egress',
  'resolvers',
  'doors',
  'rtt',
  'download',
] as const
export type Field = (typeof FIELDS)[number]

/** An office as it is typed: one text per field. Outside text. */
export type Draft = Readonly<Record<Field, string>>

/** A form with nothing in it. */
export const EMPTY_DRAFT: Draft = {
  name: '',
  place: '',
  zone: '',
  aliases: '',
  tags: '',
  egress: '',
  resolvers: '',
  doors: '',
  rtt: '',
  download: '',
}

/** What a draft says of an office; limits, attestations and its world are none of it. */
export type OfficeValues = Pick<
  Office,
  'name' | 'aliases' | 'tags' | 'at' | 'placed' | 'timeZone' | 'egress' | 'resolvers' | 'doors' | 'targets'
>

/** Of an office what a draft says of it. */
export function valuesOf(office: OfficeValues): OfficeValues {
  const { name, aliases, tags, at, placed, timeZone, egress, resolvers, doors, targets } = office
  return { name, aliases, tags, at, placed, timeZone, egress, resolvers, doors, targets }
}

/** What a draft was read as. */
export type DraftRead =
  | { readonly ok: true; readonly values: OfficeValues }
  | { readonly ok: false; readonly problems: readonly string[] }

/** Round trip times beyond a second, and downloads beyond ten gigabytes a second, are slips of the hand. */
const RTT_MOST_MS = 1_000
const DOWNLOAD_MOST_MBPS = 10_000

/** An office as it would be typed; reading that again gives the same. */
export function draftOf(office: OfficeValues): Draft {
  const { rttMs, downloadMBps } = office.targets
  return {
    name: office.name,
    place: office.placed ? positionText(office.at) : '',
    zone: office.timeZone,
    aliases: office.aliases.join(', '),
    tags: office.tags.join(', '),
    egress: office.egress.join(', '),
    resolvers: office.resolvers.join(', '),
    doors: office.doors.join(', '),
    rtt: rttMs === undefined ? '' : t`${decimal(rttMs)} ms`,
    download: downloadMBps === undefined ? '' : t`${decimal(downloadMBps)} MB/s`,
  }
}

/** Reads a draft whose place is coordinates or empty; every problem is a sentence. */
export function readDraft(draft: Draft): DraftRead {
  const name = plainText(draft.name)
  const aliases = aliasesIn(draft.aliases, name)
  const tags = tagsIn(draft.tags)
  const egress = readRanges(draft.egress, 'egress')
  const resolvers = readRanges(draft.resolvers, 'resolvers')
  const doors = doorsIn(draft.doors)
  const zone = draft.zone.trim()
  const at = draft.place.trim() === '' ? null : readPosition(draft.place)
  const rtt = readNumber(draft.rtt, 'ms', RTT_MOST_MS)
  const download = readNumber(draft.download, 'MB/s', DOWNLOAD_MOST_MBPS)
  const problems = [
    nameProblem(name),
    typeof at === 'string' ? at : null,
    zoneProblem(zone),
    ...aliases.problems,
    ...tags.problems,
    ...egress.problems,
    ...resolvers.problems,
    ...doors.problems,
    typeof rtt === 'string' ? t`The target for the round trip: ${rtt}` : null,
    typeof download === 'string' ? t`The target for downloads: ${download}` : null,
  ].filter((problem) => problem !== null)
  if (
    problems.length > 0 ||
    typeof at === 'string' ||
    typeof rtt === 'string' ||
    typeof download === 'string'
  ) {
    return { ok: false, problems }
  }
  return {
    ok: true,
    values: {
      name,
      aliases: aliases.found,
      tags: tags.found,
      at: at ?? { latitude: 0, longitude: 0 },
      placed: at !== null,
      timeZone: zone,
      egress: egress.ranges,
      resolvers: resolvers.ranges,
      doors: doors.found,
      targets: {
        ...(rtt === null ? {} : { rttMs: rtt }),
        ...(download === null ? {} : { downloadMBps: download }),
      },
    },
  }
}

function zoneProblem(zone: string): string | null {
  if (zone === '') return t`The time zone is missing. Write Europe/Paris, for example.`
  return isTimeZone(zone)
    ? null
    : t`${outside(zone)} is no time zone I know. Write Europe/Paris, for example.`
}

/** Reports whether a place is written in numbers rather than by name. */
export function isPosition(place: string): boolean {
  return /^[\s\d.,;+-]+$/u.test(place)
}

/** Reads `45.76, 4.84`, latitude first; a sentence where that is no position. */
export function readPosition(text: string): Position | string {
  const numbers = text.split(/[\s,;]+/u).filter((part) => part !== '')
  if (numbers.length === 4 && /^\s*[+-]?\d+,\d+[\s;,]+[+-]?\d+,\d+\s*$/u.test(text)) {
    return t`Write coordinates with a dot, latitude first: 45.76, 4.84.`
  }
  const [north = '', east = '', ...more] = numbers
  if (more.length > 0 || !DEGREES.test(north) || !DEGREES.test(east)) {
    return t`${outside(text)} is no place I know. Write a city, or latitude and longitude: 45.76, 4.84.`
  }
  return positionFrom(Number(north), Number(east))
}

/** A position from its numbers, or the sentence that says which is out of range. */
export function positionFrom(latitude: number, longitude: number): Position | string {
  if (Math.abs(latitude) > 90) {
    const swapped = Math.abs(longitude) <= 90 && Math.abs(latitude) <= 180
    return t`The latitude ${latitude} is beyond 90.${swapped ? t` Are latitude and longitude swapped?` : ''}`
  }
  return Math.abs(longitude) > 180 ? t`The longitude ${longitude} is beyond 180.` : { latitude, longitude }
}

/** Degrees with a dot, as in `-33.87`. */
export const DEGREES = /^[+-]?\d{1,3}(\.\d{1,20})?$/

/** A position as people type it. */
export function positionText({ latitude, longitude }: Position): string {
  return `${decimal(latitude)}, ${decimal(longitude)}`
}

/** A number in plain digits, also a very small one. */
export function decimal(value: number): string {
  const text = String(value)
  return text.includes('e') ? value.toFixed(12).replace(/\.?0+$/, '') : text
}

/** A positive number with its unit or without; null for nothing, a sentence for what is none. */
function readNumber(text: string, unit: string, most: number): number | null | string {
  const typed = fold(text).trim()
  if (typed === '' || typed === 'none') return null
  const [, digits = '', named = ''] = /^(\d{1,6}(?:\.\d{1,20})?)\s*([a-z/]*)$/.exec(typed) ?? []
  if (digits === '' || (named !== '' && named !== fold(unit))) {
    return t`${outside(text)} is not in ${unit}. Write 25 ${unit}, for example.`
  }
  const value = Number(digits)
  return value > 0 && value <= most ? value : t`it must be above 0 and at most ${most} ${unit}.`
}
