import type { RenderedCard } from '../../../src/cards/render-card.ts'
import type { Office } from '../../../src/core/office.ts'
import { contextOf } from '../../commands/context.ts'
import { anOffice, NOON } from '../../support/check-kit.ts'
import type { MemoryRegistry } from '../../support/registry-kit.ts'
import { cardAfter } from './card-after.ts'

const SEATTLE = anOffice('seattle', {
  aliases: ['SEA', 'Head office'],
  tags: ['west', 'sales'],
  egress: ['203.0.113.0/28', '2001:db8:40::/48'],
  resolvers: ['198.51.100.0/28'],
  doors: ['SEA'],
  targets: { rttMs: 20 },
  overrides: [
    {
      criterion: 'local-egress',
      value: 300,
      author: 'Ana Diaz',
      reason: 'its line ends in Portland',
      expiresAt: NOON + 90 * 24 * 3600_000,
    },
  ],
})
const SITES = ['London', 'Sydney', 'Tokyo', 'Paris', 'Zürich *HQ* [x](http://y)'].map((name, index) =>
  anOffice(`site-${index}`, { name, egress: [`198.51.100.${index * 16}/28`] }),
)
const OFFICES: readonly Office[] = [SEATTLE, ...SITES]
const TOKYO = anOffice('tokyo', {
  name: 'Tokyo',
  at: { latitude: 35.68, longitude: 139.69 },
  timeZone: 'Asia/Tokyo',
})
const SEEN = { officeId: 'seattle', egress: ['198.18.0.7'] } as never

const admin = (offices = OFFICES) => contextOf('admin', offices)
const because = 'until 2027-06-01 because its line ends in Portland'

const raced = admin()
await cardAfter(raced, 'office edit Seattle tags add emea')
;(raced.registry as MemoryRegistry).overwrite({ ...SEATTLE, tags: ['west'], doors: ['SEA', 'EAT'] })

/** Golden cards of the registry: each made by the command that a person says. */
export const REGISTRY: Readonly<Record<string, () => RenderedCard>> = {
  'office.form': await cardAfter(admin(), 'office edit Seattle'),
  'office.wrong': await cardAfter(admin(), 'office add Lyon', {
    press: 'Preview',
    inputs: { egress: '10.0.0.0/8, 203.0.113.7/24', zone: 'Europe/Atlantis', aliases: 'London' },
  }),
  'office.preview': await cardAfter(admin(), 'office add Lyon egress 192.0.2.0/24 doors CDG, XYZ tags emea'),
  'office.which': await cardAfter(admin(), 'office add Vancouver'),
  'office.register': await cardAfter(
    contextOf('admin', [SEATTLE, TOKYO], [SEEN]),
    'office edit Tokyo egress add 198.18.0.7',
  ),
  'office.raced': await cardAfter(raced, { press: 'Save' }),
  'office.remove': await cardAfter(admin(), 'office remove Seattle'),
  'office.shown': await cardAfter(admin(), 'office Seattle'),
  'office.import': await cardAfter(
    admin(),
    `office import
userEntered,Name,Address,Latitude,Longitude,Egress IP Address ranges 1,LanIps,Tags,Floor
1,Lyon,"69003 Lyon, France",45.76,4.84,Main 203.0.113.64/28,10.1.0.0/16,emea,3
1,Oslo,"Oslo, Norway",59.91,10.75,Main 203.0.113.80/28,10.2.0.0/16,emea,1
1,London,London,47.61,-122.33,Main 198.51.100.0/28,10.3.0.0/16,emea,9
1,Seattle,Seattle,47.61,-122.33,Main 203.0.113.0/28 2001:db8:40::/48,10.4.0.0/16,west sales,2`,
  ),
  'office.import-faults': await cardAfter(
    admin(),
    `office import
Name,Latitude,Longitude,TimeZone,Egress IP Address ranges 1
all,45.76,4.84,Europe/Paris,203.0.113.64/28
Sydney West,151.2,-33.87,Australia/Sydney,
Oslo,59.91,10.75,Europe/Atlantis,10.0.0.0/24
*Bergen* [x](http://y),60.39,5.32,Europe/Oslo,203.0.113.7/24
Oslo,"59,91","10,75",Europe/Oslo,`,
  ),
  'office.import-second': await cardAfter(admin(), 'office import\nName\nSeattle\nLondon', {
    press: 'Remove 4',
  }),
  'office.export': await cardAfter(admin(), 'office export'),
  'limit.set': await cardAfter(admin(), `limit Seattle local-dns 400 km ${because}`),
  'limit.list': await cardAfter(admin(), 'limit list'),
  'attest.form': await cardAfter(admin(), 'attest Seattle tcp-tuned until 2029-01-01 because so'),
  'attest.set': await cardAfter(admin(), `attest Seattle tcp-tuned ${because}`),
}
