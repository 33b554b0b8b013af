import { type FormField, formCard } from '../../cards/form-card.ts'
import { outside } from '../../cards/text.ts'
import { t } from '../../core/t.ts'
import type { Answer, CommandContext } from '../command.ts'
import type { OfficeValues } from './draft.ts'
import { decimal, FIELDS, type Field, positionText } from './draft.ts'
import { type Kept, keep } from './kept.ts'

/** Characters of a field that holds a list of twenty ranges. */
const LIST_CHARS = 1_000

const FORM: Readonly<Record<Field, Omit<FormField, 'id' | 'value'>>> = {
  name: {
    label: t`Name`,
    kind: 'text',
    required: true,
    placeholder: t`Lyon`,
    hint: t`Give the office a name.`,
  },
  place: {
    label: t`Place (city or coordinates)`,
    kind: 'text',
    placeholder: t`Lyon, France`,
  },
  zone: { label: t`Time zone`, kind: 'text', placeholder: t`Europe/Paris` },
  aliases: { label: t`Other names`, kind: 'text', placeholder: t`LYS, Part-Dieu` },
  tags: { label: t`Tags`, kind: 'text', placeholder: t`emea, sales` },
  egress: {
    label: t`Public egress addresses`,
    kind: 'text',
    placeholder: '203.0.113.0/24',
    maxLength: LIST_CHARS,
  },
  resolvers: {
    label: t`Addresses of its resolvers`,
    kind: 'text',
    placeholder: '198.51.100.53',
    maxLength: LIST_CHARS,
  },
  doors: { label: t`Accepted front doors`, kind: 'text', placeholder: t`CDG, AMS` },
  rtt: { label: t`Target round trip`, kind: 'text', placeholder: '25 ms' },
  download: { label: t`Target download`, kind: 'text', placeholder: '2 MB/s' },
}

/** How cards name the fields of an office. */
export const FIELD_TITLES: Readonly<Record<Field, string>> = {
  name: 'Name',
  place: 'Place',
  zone: t`Time zone`,
  aliases: t`Other names`,
  tags: 'Tags',
  egress: 'Egress',
  resolvers: 'Resolvers',
  doors: t`Front doors`,
  rtt: t`Round trip`,
  download: 'Download',
}

/** The form of an office, with what was wrong with what it held before. */
export async function officeForm(
  context: CommandContext,
  { id, etag, draft }: Omit<Kept, 'step'>,
  { problems = [], lead }: { readonly problems?: readonly string[]; readonly lead?: string } = {},
): Promise<Answer> {
  const command = id === null ? 'office add' : 'office edit'
  const look = await context.offer(t`Preview`, 'edit-office', command, {
    onlyMe: true,
    keep: keep({ step: 'look', id, etag, draft }),
  })
  const card = formCard({
    title: id === null ? t`Add an office` : t`Change ${outside(draft.name)}`,
    lead: lead ?? t`You see a preview first. Nothing is saved until you confirm it.`,
    problems,
    fields: FIELDS.map((field) => ({ ...FORM[field], id: field, value: draft[field] })),
    buttons: [look],
  })
  return { kind: 'card', card, inPlace: true, ...(problems.length > 0 ? { refused: true } : {}) }
}

/** An office as names and values; what is empty is said so. */
export function factsOf(values: OfficeValues): readonly { label: string; value: string }[] {
  const texts = textsOf(values)
  return FIELDS.map((field) => ({ label: FIELD_TITLES[field], value: texts[field] }))
}

/** What each field says, for a sentence: outside text is marked as such. */
export function textsOf(values: OfficeValues): Readonly<Record<Field, string>> {
  const list = (all: readonly string[]) => (all.length === 0 ? 'none' : all.map(outside).join(', '))
  const { rttMs, downloadMBps } = values.targets
  return {
    name: outside(values.name),
    place: values.placed ? positionText(values.at) : t`not known`,
    zone: outside(values.timeZone),
    aliases: list(values.aliases),
    tags: list(values.tags.map((tag) => `#${tag}`)),
    egress: list(values.egress),
    resolvers: list(values.resolvers),
    doors: list(values.doors),
    rtt: rttMs === undefined ? t`Microsoft’s number` : t`${decimal(rttMs)} ms`,
    download: downloadMBps === undefined ? t`Microsoft’s number` : t`${decimal(downloadMBps)} MB/s`,
  }
}

/** The fields in which two offices differ. */
export function differences(before: OfficeValues, after: OfficeValues): readonly Field[] {
  const [was, is] = [textsOf(before), textsOf(after)]
  return FIELDS.filter((field) => was[field] !== is[field])
}
