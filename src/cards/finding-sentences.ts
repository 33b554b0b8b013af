import { FAILURES } from '../core/failure.ts'
import type { Finding, FindingArgs, Question } from '../core/finding.ts'
import { t } from '../core/t.ts'
import { DNS_WORDS } from './findings/dns.ts'
import { DOOR_WORDS } from './findings/doors.ts'
import { EGRESS_WORDS } from './findings/egress.ts'
import { HOST_WORDS } from './findings/host.ts'
import { MEDIA_WORDS } from './findings/media.ts'
import { PATH_WORDS } from './findings/path.ts'
import { REACH_WORDS } from './findings/reach.ts'
import { THROUGHPUT_WORDS } from './findings/throughput.ts'
import type { FindingWords } from './findings/words.ts'
import { outside } from './text.ts'

const ASKED: Readonly<Record<string, string>> = {
  resolver: t`Which resolver serves the office`,
  door: t`Which front door serves`,
  edge: t`Which edge takes in the traffic to`,
  'relay-egress': t`Where Teams traffic leaves`,
  'default-egress': t`Where other traffic leaves`,
  rtt: t`The round trip to`,
  tls: t`The certificate of`,
  media: t`How a Teams call would sound`,
  reach: t`The reach of set`,
  throughput: t`How fast a file comes from SharePoint`,
  host: t`What the host says of itself`,
  proxy: t`Whether a proxy is set`,
}

/** What was asked, as the beginning of a sentence. */
function askedText(question: Question): string {
  const [kind = '', ...rest] = question.split(':')
  const subject = rest.join(':')
  const asked = ASKED[kind] ?? t`One question`
  return subject === '' ? asked : `${asked} ${outside(subject)}`
}

/** The whole vocabulary: every code with its severity, sentence, remedy and source. */
export const FINDING_WORDS: FindingWords<FindingArgs> = {
  unmeasured: {
    severity: 'notice',
    sentence: ({ question, failure }) => t`${askedText(question)} was not learned: ${FAILURES[failure]}.`,
    remedy: t`See the failure word: it says which way did not answer.`,
    source: t`The closed list of failure words`,
  },
  ...DNS_WORDS,
  ...DOOR_WORDS,
  ...EGRESS_WORDS,
  ...HOST_WORDS,
  ...MEDIA_WORDS,
  ...PATH_WORDS,
  ...REACH_WORDS,
  ...THROUGHPUT_WORDS,
}

/** What a finding says, in words. Addresses and names are outside text: the sentence belongs in a TextRun. */
export function findingSentence(finding: Finding): string {
  // The table holds one row per code, so code and arguments belong together; TypeScript cannot follow that.
  const words = FINDING_WORDS[finding.code] as FindingWords<Record<string, Finding['args']>>[string]
  return words?.sentence(finding.args) ?? ''
}
