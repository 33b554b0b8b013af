import { type Case, internet, office, rangesOf } from '../parts.ts'

const FILE = { path: '/sites/network/15mb.bin', bytes: 15_000_000 } as const

/** London, whose connections to SharePoint carry so many Mbit/s each; nothing given: all that they can. */
const line = (mbps?: number) =>
  internet(
    [
      office(
        'London',
        mbps === undefined ? {} : { routes: [{ to: rangesOf(31), protocol: 'tcp', ports: [443], mbps }] },
      ),
    ],
    { file: FILE },
  )
const wanting = (downloadMBps: number) => ({ London: { targets: { downloadMBps } } })
const asked = { path: FILE.path }

/** Letters in the order of `CRITERIA`: egress, dns, door, hairpin, proxy, ready, plan, endpoints, tcp. What is not about speed is left to other worlds. */
export const DOWNLOAD_WORLDS: Readonly<Record<string, Case>> = {
  'a line of 4 Mbit/s': {
    slow: true,
    spec: line(4),
    download: asked,
    truth: { London: '?????fppp' },
  },
  'a line of 4 Mbit/s where nobody asks': {
    spec: line(4),
    truth: { London: '?????pppp' },
  },
  'a line of 4 Mbit/s where no file is named': {
    spec: line(4),
    download: { path: null },
    truth: { London: '?????pppp' },
  },
  'a line of 4 Mbit/s and a file that is not there': {
    spec: line(4),
    download: { path: '/sites/network/gone.bin' },
    truth: { London: '?????pppp' },
  },
  'a fast line': {
    spec: line(),
    download: asked,
    truth: { London: '?????pppp' },
  },
  'a line of 80 Mbit/s, and 20 MB/s wanted': {
    spec: line(80),
    download: asked,
    offices: wanting(20),
    truth: { London: '?????fppp' },
  },
  'a line of 80 Mbit/s, and 2 MB/s wanted': {
    spec: line(80),
    download: asked,
    offices: wanting(2),
    truth: { London: '?????pppp' },
  },
}
