/**
 * Cloud security vendors whose addresses are not an office's own way out: Microsoft's test for step 2 says the egress
 * "should not be from ... a cloud-based network security vendor". Each row is the vendor and the words by which
 * registries, labels and providers name it, lower case; a word matches only
 * as a whole word, and none is a place name by itself (Menlo Park and Lookout Mountain are no vendors).
 */
const VENDORS: readonly (readonly [vendor: string, words: readonly string[]])[] = [
  ['Zscaler', ['zscaler', 'zscloud', 'zscalerone', 'zscalertwo', 'zscalerthree']],
  ['Netskope', ['netskope', 'newedge', 'goskope']],
  ['Palo Alto Networks Prisma Access', ['prisma access', 'gpcloudservice', 'palo alto networks']],
  ['Cisco Umbrella', ['umbrella', 'opendns', 'cisco secure access']],
  ['Broadcom Symantec', ['symantec', 'cloud swg', 'blue coat', 'bluecoat', 'threatpulse']],
  ['Forcepoint', ['forcepoint', 'websense']],
  ['Skyhigh Security', ['skyhigh security', 'mcafee', 'trellix']],
  ['iboss', ['iboss']],
  ['Cloudflare Gateway', ['cloudflare', 'cloudflare gateway']],
  ['Cato Networks', ['cato networks', 'catonetworks']],
  ['Menlo Security', ['menlo security', 'menlosecurity']],
  ['Barracuda', ['barracuda']],
  ['Check Point Harmony', ['check point software', 'checkpoint', 'perimeter 81', 'harmony connect']],
  ['Fortinet FortiSASE', ['fortisase', 'fortinet']],
  ['Sophos', ['sophos']],
  ['Trend Micro', ['trend micro', 'trendmicro']],
  ['Versa Networks', ['versa networks', 'versa sase']],
  ['Akamai Enterprise Threat Protector', ['enterprise threat protector', 'akamai secure internet access']],
  ['ContentKeeper', ['contentkeeper']],
  ['Lookout', ['lookout security', 'ciphercloud']],
  ['Microsoft Entra Internet Access', ['global secure access', 'entra internet access']],
]

/** The cloud security vendor that a text (owner or label of an address) names; null when it names none. */
export function securityVendorOf(text: string | null): string | null {
  if (text === null) return null
  const plain = ` ${text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()} `
  const found = VENDORS.find(([, words]) => words.some((word) => plain.includes(` ${word} `)))
  return found === undefined ? null : found[0]
}
