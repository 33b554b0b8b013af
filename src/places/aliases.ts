/**
 * Codes that no table has, and the code whose place is meant: city prefixes of Exchange's older datacenters (learn.microsoft.com
 * archive, `o365-geodns-enus`) and metro codes. Digits at the end are cut off before the look-up: HK2, CO1, BL2, SN1,
 * LON04 and so on need no row.
 */
export const ALIASES: Readonly<Record<string, string>> = {
  AM: 'AMS',
  AMX: 'AMS',
  BLU: 'BL',
  BY: 'SJC',
  CP: 'CPQ',
  CY: 'CYS',
  DBX: 'DUB',
  GRX: 'GRU',
  HE: 'HEL',
  HKN: 'HKG',
  HKX: 'HKG',
  KAW: 'TYO',
  OS: 'OSA',
  SIX: 'SIN',
  TY: 'TYO',
  VI: 'VIE',
  JB: 'JNB',
  LO: 'LON',
  PA: 'PAR',
  WAS: 'IAD',
}
