import { t } from '../core/t.ts'
import type { Answer, Command } from './command.ts'
import { type GrantArgs, grantRole } from './role-grant.ts'
import { listRoles } from './role-list.ts'
import { revokeRole } from './role-revoke.ts'
import { type RoleWords, readRoleWords } from './role-words.ts'

type Args =
  | { readonly kind: 'list' }
  | { readonly kind: 'grant'; readonly args: GrantArgs }
  | { readonly kind: 'revoke'; readonly words: RoleWords }

const GRANT = ['grant', 'give']
const REVOKE = ['revoke', 'remove', 'take']

/** `role list`, `role grant @Ana operator for #emea`, `role revoke @Ana`: who may what. */
export const role: Command<Args> = {
  name: 'role',
  forms: [
    'role list',
    'role grant @person operator',
    'role grant @person operator for #tag',
    'role revoke @person',
    'role revoke @person for #tag',
  ],
  summary: t`Says who may what, gives a role to a person and takes it away.`,
  examples: [
    { say: 'role list', get: t`who may what, and who gave it` },
    { say: 'role grant @Ana operator for #emea', get: t`lets Ana check the offices with that tag` },
    { say: 'role revoke @Ana for #emea', get: t`takes it away again` },
  ],
  group: 'People',
  verb: 'role',
  card: 'roles',
  read(words, extras) {
    const [first, second = 'list'] = words.folded
    if (first !== 'role' && first !== 'roles') return { kind: 'not-mine' }
    if (second === 'list' && words.folded.length <= 2) return { kind: 'args', args: { kind: 'list' } }
    const said = readRoleWords(words, extras)
    if (GRANT.includes(second))
      return { kind: 'args', args: { kind: 'grant', args: { words: said, kept: extras.kept } } }
    if (!REVOKE.includes(second))
      return { kind: 'misread', hint: t`Say role list, role grant or role revoke.` }
    if (said.role !== null)
      return { kind: 'misread', hint: t`Name no role: say role revoke @Ana, or role revoke @Ana for #emea.` }
    return { kind: 'args', args: { kind: 'revoke', words: said } }
  },
  async handle(args, context): Promise<Answer> {
    if (args.kind === 'list') return listRoles(context)
    return args.kind === 'grant' ? grantRole(args.args, context) : revokeRole(args.words, context)
  },
}
