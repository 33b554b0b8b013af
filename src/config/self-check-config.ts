import { isIP } from 'node:net'
import { parseRange } from '../core/cidr.ts'
import type { Instance } from '../core/instance.ts'
import { DOOR_NAMES, type DoorName } from '../core/self-check.ts'
import type { EnvReader } from './env-reader.ts'

/** A door that browsers are told to ask. */
export interface DoorAsked {
  readonly name: DoorName
  /** A fixed address that answers without sending the browser elsewhere. */
  readonly url: string
}

/** What self-checks of people need beyond the hub itself. */
export interface SelfCheckConfig {
  /** How long self-checks are kept, hours. */
  readonly hours: number
  /** Origins of this hub with an address of one family alone; null: there is none. */
  readonly v4: string | null
  readonly v6: string | null
  readonly doors: readonly DoorAsked[]
  /** The zone of the beacon, and where the hub reads it; null: there is none. */
  readonly beacon: { readonly zone: string; readonly at: BeaconAt | null } | null
}

/** A literal address and a port; null where it is `ns.<zone>` on 53. */
export interface BeaconAt {
  readonly address: string
  readonly port: number
}

/** A day: long enough for the help desk, short enough that nobody's days are followed. */
const DEFAULT_HOURS = 24
const MOST_HOURS = 720

const DNS_PORT = 53

/** Stands for the tenant where none is named: Microsoft's own documentation looks at it to find SharePoint's edge. */
const ANY_TENANT = 'microsoft'

/**
 * Small fixed files of the services: a pixel, a picture, an icon. Any answer will do for its time, also "not found", as
 * long as it is no redirect. `/apc/trans.gif` is what Microsoft's own measurements in browsers fetch
 * (learn.microsoft.com/azure/internet-analyzer); that Exchange has it, and the other two, Microsoft promises nowhere.
 */
function usualDoors(tenant: string): readonly DoorAsked[] {
  return [
    { name: 'exchange', url: 'https://outlook.office365.com/apc/trans.gif' },
    {
      name: 'sharepoint',
      url: `https://${tenant}.sharepoint.com/_layouts/15/images/sitepagethumbnail.png`,
    },
    { name: 'teams', url: 'https://teams.microsoft.com/favicon.ico' },
  ]
}

/** Reads the settings of self-checks; problems are the reader's. */
export function readSelfCheck(reader: EnvReader, instance: Instance): SelfCheckConfig {
  const hours = reader.optional(
    'DOORSTEP_SELF_CHECK_HOURS',
    (value) => {
      const read = /^\d{1,3}$/.test(value) ? Number(value) : 0
      return read >= 1 && read <= MOST_HOURS ? read : null
    },
    `must be a whole number of hours from 1 to ${MOST_HOURS}`,
  )
  const v4 = reader.optional('DOORSTEP_SELF_CHECK_V4', readUrlOrigin, ORIGIN)
  const v6 = reader.optional('DOORSTEP_SELF_CHECK_V6', readUrlOrigin, ORIGIN)
  const tenant = reader.optional(
    'DOORSTEP_M365_TENANT',
    (value) => (/^[a-z0-9][a-z0-9-]{0,62}$/i.test(value) ? value.toLowerCase() : null),
    'must be the first word of your SharePoint address, e.g. contoso',
  )
  const doors = reader.optional('DOORSTEP_SELF_CHECK_DOORS', readDoors, DOORS)
  const zone = reader.optional('DOORSTEP_BEACON', readZone, 'must be a DNS name, e.g. b.example.com')
  const at = reader.optional('DOORSTEP_BEACON_AT', readAt, 'must be an address with or without a port')
  if (at !== null && zone === null) {
    reader.problem('DOORSTEP_BEACON_AT', 'must come with DOORSTEP_BEACON, the zone that is asked there')
  }
  // Only of Worldwide it is known which files answer.
  const usual = instance === 'Worldwide' ? usualDoors(tenant ?? ANY_TENANT) : []
  return {
    hours: hours ?? DEFAULT_HOURS,
    v4,
    v6,
    doors: doors ?? usual,
    beacon: zone === null ? null : { zone, at },
  }
}

const ORIGIN = 'must be an https origin of this hub (http only to this machine)'
const DOORS =
  'must be like exchange=https://…,teams=https://…, of exchange, sharepoint and teams, each once (http only to this machine)'

/** Reads CIDRs and addresses of proxies; null when one is neither, or means everybody. */
export function readProxies(value: string): readonly string[] | null {
  const ranges = value.split(',').map((part) => part.trim())
  const good = ranges.every((text) => {
    const range = parseRange(text)
    return range !== null && range.bits > 0
  })
  return good ? ranges : null
}

/** Hosts as a policy may name them: URLs let quotes through. */
const HOST = /^([a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])$/

/** An https URL, or http to this machine, without user, query or fragment. */
function readUrl(value: string): URL | null {
  if (!URL.canParse(value)) return null
  const url = new URL(value)
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return null
  if (!HOST.test(url.hostname)) return null
  const loopback =
    url.hostname === 'localhost' || url.hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(url.hostname)
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback) ? url : null
}

function readUrlOrigin(value: string): string | null {
  const url = readUrl(value)
  return url !== null && url.pathname === '/' ? url.origin : null
}

function readDoors(value: string): readonly DoorAsked[] | null {
  const doors = value.split(',').map((part): DoorAsked | null => {
    const at = part.indexOf('=')
    const name = DOOR_NAMES.find((known) => known === part.slice(0, at).trim())
    const url = readUrl(part.slice(at + 1).trim())
    // A policy of the page names origins; what would part it must not stand in one.
    return name === undefined || url === null || /[;,'\s]/.test(url.href) ? null : { name, url: url.href }
  })
  const good = doors.filter((door) => door !== null)
  return good.length === doors.length && new Set(good.map(({ name }) => name)).size === good.length
    ? good
    : null
}

function readZone(value: string): string | null {
  const zone = value.toLowerCase().replace(/\.$/, '')
  // A nonce and a prefix must still fit before it.
  return zone.length <= 180 && /^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})+$/.test(zone) ? zone : null
}

function readAt(value: string): BeaconAt | null {
  if (isIP(value) !== 0) return { address: value, port: DNS_PORT }
  const [, six, four, text] = /^(?:\[([^\]]+)\]|([\d.]+)):(\d{1,5})$/.exec(value) ?? []
  const address = six ?? four ?? ''
  const port = Number(text)
  return isIP(address) !== 0 && port >= 1 && port <= 65_535 ? { address, port } : null
}
