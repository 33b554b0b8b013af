import { type Case, withWorld } from '../parts.ts'
import { withStranger } from '../stranger.ts'
import { isKnowable, type StrangerRow } from '../stranger-rows.ts'
import { DNS_WORLDS } from './dns.ts'
import { DNS_MORE_WORLDS } from './dns-more.ts'
import { DOWNLOAD_WORLDS } from './download.ts'
import { EGRESS_WORLDS } from './egress.ts'
import { FAMILY_WORLDS } from './family.ts'
import { FILE_WORLDS } from './file.ts'
import { MEDIA_WORLDS } from './media.ts'
import { PATH_WORLDS } from './path.ts'
import { PROXY_WORLDS } from './proxy.ts'
import { STRANGER_WORLDS } from './stranger.ts'
import { HARMLESS_TOGETHER, SPARSE_WORLDS } from './stranger-sparse.ts'

/** A world with a known truth, whoever wrote it. */
export interface WorldCase {
  /** `<table>: <title>`, the one name of a case. */
  readonly name: string
  /** One letter per criterion in the order of `CRITERIA`, by office; `?` is not compared. */
  readonly truth: Readonly<Record<string, string>>
  /** It takes long: worth starting first. */
  readonly slow: boolean
  /** Why its files alone do not make the case, so that programs cannot be given it; null when they do. */
  readonly onlyInProcess: string | null
  /** Length of the media train in s that its truth needs; null: as short as may be. */
  readonly mediaSeconds: number | null
  /** Runs `work` with the folder of the started world; everything is gone afterwards. */
  readonly with: <R>(work: (folder: string) => Promise<R>) => Promise<R>
}

const TABLES: Readonly<Record<string, Readonly<Record<string, Case>>>> = {
  dns: DNS_WORLDS,
  'dns-more': DNS_MORE_WORLDS,
  egress: EGRESS_WORLDS,
  family: FAMILY_WORLDS,
  path: PATH_WORLDS,
  proxy: PROXY_WORLDS,
  media: MEDIA_WORLDS,
  download: DOWNLOAD_WORLDS,
  file: FILE_WORLDS,
}

/** Why files alone, and "check all", do not make a case. */
const whyInProcess = (one: Case): string | null => {
  if (one.offices !== undefined) return 'changes an office in a way that no world file says'
  return one.download === undefined ? null : 'asks for a download, which "check all" does not'
}

const STRANGERS: readonly StrangerRow[] = [...STRANGER_WORLDS, ...SPARSE_WORLDS, ...HARMLESS_TOGETHER]

/** Every case of every table, the slow ones first. */
export const WORLD_CASES: readonly WorldCase[] = [
  ...Object.entries(TABLES).flatMap(([table, worlds]) =>
    Object.entries(worlds).map(
      ([title, one]): WorldCase => ({
        name: `${table}: ${title}`,
        truth: one.truth,
        slow: one.slow ?? false,
        onlyInProcess: whyInProcess(one),
        mediaSeconds: one.mediaSeconds ?? null,
        with: (work) => withWorld(one, work),
      }),
    ),
  ),
  ...STRANGERS.filter(isKnowable).map(
    ([title, world, truth]): WorldCase => ({
      name: `stranger: ${title}`,
      truth: { London: truth },
      slow: false,
      onlyInProcess: null,
      mediaSeconds: world.mediaSeconds ?? null,
      with: (work) => withStranger(world, work),
    }),
  ),
].toSorted((a, b) => Number(b.slow) - Number(a.slow))

/** Throws on a name that no case has. */
export const worldCase = (name: string): WorldCase => {
  const found = WORLD_CASES.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no world is called "${name}"`)
  return found
}
