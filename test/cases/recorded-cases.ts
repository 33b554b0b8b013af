import type { Position } from '../../src/core/geography.ts'
import {
  all,
  doorsAnswer,
  doorsTake,
  edgesSay,
  handshakesTake,
  inSetting,
  type RecordedDoor,
  relayIsNamed,
} from './edits.ts'
import type { FixtureCase } from './record.ts'

/** The healthy office moved elsewhere, with all that is its own: ranges, provider, edge. */
const movedTo = (at: Position, timeZone: string) =>
  inSetting(({ office, places }) => ({
    office: { ...office, at, timeZone },
    places: places.map((row) => (row.label === 'London' ? { ...row, ...at, label: 'here' } : row)),
  }))

interface Recorded {
  readonly at: Position
  readonly timeZone: string
  readonly doors: readonly RecordedDoor[]
  readonly edge: string
  /** As the Teams relay's alias names it: label and Azure region. */
  readonly relay: string
  /** Round trip to the door, ms. */
  readonly ms: number
}

const recorded = (about: string, { at, timeZone, doors, edge, relay, ms }: Recorded): FixtureCase => ({
  about,
  from: 'healthy-registered',
  edit: all(
    movedTo(at, timeZone),
    doorsAnswer(doors),
    edgesSay(edge),
    relayIsNamed(relay),
    doorsTake(ms),
    handshakesTake(ms, ms + 1),
  ),
})

/** Real answers, as people published them: each chain's generation and spelling is its own. */
export const RECORDED_CASES: Readonly<Record<string, FixtureCase>> = {
  'recorded-hong-kong-2019': recorded('Hong Kong as reported in November 2019: the door of the city.', {
    at: { latitude: 22.28, longitude: 114.16 },
    timeZone: 'Asia/Hong_Kong',
    doors: [
      {
        chain: ['outlook.ms-acdc.office.com', 'hkg-efz.ms-acdc.office.com'],
        addresses: ['40.100.2.114', '40.100.54.18', '40.100.2.98', '52.98.77.98'],
        header: 'HKG',
      },
    ],
    edge: 'HKG',
    relay: 'a-tr-teasc-easa-01.eastasia.cloudapp.azure.com',
    ms: 4,
  }),
  'recorded-amsterdam-2022': recorded('Amsterdam by the chain of 2020 to 2023, its code in capitals.', {
    at: { latitude: 52.37, longitude: 4.9 },
    timeZone: 'Europe/Amsterdam',
    doors: [
      {
        chain: ['outlook.ha.office365.com', 'outlook.ms-acdc.office.com', 'AMS-efz.ms-acdc.office.com'],
        addresses: ['52.97.158.162', '40.101.12.98', '40.99.204.34', '40.101.121.18'],
        header: 'AMS',
      },
    ],
    edge: 'AMS',
    relay: 'a-tr-teasc-euwe-02.westeurope.cloudapp.azure.com',
    ms: 3,
  }),
  'recorded-thailand-kuala-lumpur': recorded(
    'Bangkok by the chain of 2023 to 2025: the nearest door is in another country, and is the right one.',
    {
      at: { latitude: 13.75, longitude: 100.5 },
      timeZone: 'Asia/Bangkok',
      doors: [
        {
          chain: ['ooc-g2.tm-4.office.com', 'outlook.ms-acdc.office.com', 'KUL-efz.ms-acdc.office.com'],
          addresses: ['52.97.97.162', '52.97.97.130', '40.99.8.210', '40.104.72.162'],
          header: 'KUL',
        },
      ],
      edge: 'BKK',
      relay: 'a-tr-teasc-asse-03.southeastasia.cloudapp.azure.com',
      ms: 30,
    },
  ),
  'recorded-vienna-two-doors': recorded('Vienna saw its own door and the one of Frankfurt, 600 km away.', {
    at: { latitude: 48.21, longitude: 16.37 },
    timeZone: 'Europe/Vienna',
    doors: [
      {
        chain: ['ooc-g2.tm-4.office.com', 'outlook.ms-acdc.office.com', 'vie-efz.ms-acdc.office.com'],
        addresses: ['52.97.1.2', '52.97.1.18'],
        header: 'VIE',
      },
      {
        chain: ['ooc-g2.tm-4.office.com', 'outlook.ms-acdc.office.com', 'FRA-efz.ms-acdc.office.com'],
        addresses: ['52.97.2.2', '52.97.2.18'],
        header: 'FRA',
      },
    ],
    edge: 'VIE',
    relay: 'a-tr-teasc-euwe-02.westeurope.cloudapp.azure.com',
    ms: 10,
  }),
}
