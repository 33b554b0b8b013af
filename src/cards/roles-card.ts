import rolesTemplate from '../../cards/roles.template.json' with { type: 'json' }
import type { Role } from '../core/authority.ts'
import { t } from '../core/t.ts'
import { bandData, footData } from './band.ts'
import { buttonData, type CardButton } from './buttons.ts'
import { cutList } from './cut-list.ts'
import { compileTemplate, type RenderedCard, renderCard } from './render-card.ts'
import { rowData } from './rows.ts'
import { outside, spoken } from './text.ts'
import { countText, dateText } from './wording.ts'

const TEMPLATE = compileTemplate('roles', rolesTemplate)

/** Rows of a list that a person still reads; the rest is counted. */
const ROWS_MAX = 20

/** What a role lets a person do, in a few words. */
export const ROLE_MEANS: Readonly<Record<Role, string>> = {
  member: t`ask for help`,
  viewer: t`look: status, why, offices`,
  operator: t`look, and check offices`,
  admin: t`look, check, register offices and runners, and give roles`,
}

/** One role of one person. Names and tags are outside text. */
export interface RoleShown {
  readonly name: string | null
  readonly objectId: string
  readonly role: Role
  readonly tag: string | null
  /** Null: it stands in the configuration. */
  readonly given: { readonly by: string; readonly at: number } | null
}

export interface RolesView {
  readonly roles: readonly RoleShown[]
  readonly everyone: Role
  readonly timeZone: string
  readonly buttons?: readonly CardButton[]
}

/** `all offices`, or the tag. */
export function scopeText(tag: string | null): string {
  return tag === null ? t`all offices` : outside(`#${tag}`)
}

/** How a person is called on a card: by name, or, never seen, by the end of the object id. */
export function personText(name: string | null, objectId: string): string {
  return name === null || name === '' ? `…${objectId.slice(-12)}` : outside(name)
}

function saysOf({ tag, given, name, objectId }: RoleShown, timeZone: string): string {
  const from =
    given === null ? t`by configuration` : t`given by ${outside(given.by)}, ${dateText(given.at, timeZone)}`
  return [scopeText(tag), from, name === null ? t`object id ${objectId}` : '']
    .filter((part) => part !== '')
    .join(' · ')
}

/** Who may what: one row per role, with its scope and who gave it. */
export function rolesCard({ roles, everyone, timeZone, buttons }: RolesView): RenderedCard {
  const title = roles.length === 0 ? t`Nobody holds a role` : t`${countText(roles.length, 'role')} held`
  const lead = t`Everybody else in the tenant is ${everyone === 'operator' ? 'an' : 'a'} ${everyone}.`
  const configured = roles.some(({ given }) => given === null)
  return renderCard(TEMPLATE, {
    summary: spoken(`${title}. ${lead}`),
    ...bandData(title, lead),
    rows: cutList(
      roles.map((role, index) => {
        const sign = { glyph: '●', color: 'Default' as const, word: role.role }
        return rowData(`${index + 1}`, sign, personText(role.name, role.objectId), saysOf(role, timeZone))
      }),
      ROWS_MAX,
    ),
    ...footData(configured ? t`What the configuration gives, a chat cannot take away` : ''),
    buttons: buttonData(buttons),
  })
}
