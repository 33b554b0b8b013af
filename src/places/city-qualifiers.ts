import { plainName } from './plain-name.ts'

/** What people write for a country beside its ISO code and its English name. */
const COUNTRY_WORDS: Readonly<Record<string, readonly string[]>> = {
  US: ['usa', 'u s a', 'america'],
  GB: ['uk', 'great britain'],
  AE: ['uae'],
  KR: ['korea'],
  CZ: ['czech republic'],
  NL: ['holland'],
  CN: ['prc'],
}

/** States and provinces of the countries whose people name them after a city. */
const REGIONS: Readonly<Record<string, string>> = {
  US: `AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut,DE Delaware,
    DC District of Columbia,FL Florida,GA Georgia,HI Hawaii,ID Idaho,IL Illinois,IN Indiana,IA Iowa,KS Kansas,KY Kentucky,
    LA Louisiana,ME Maine,MD Maryland,MA Massachusetts,MI Michigan,MN Minnesota,MS Mississippi,MO Missouri,MT Montana,
    NE Nebraska,NV Nevada,NH New Hampshire,NJ New Jersey,NM New Mexico,NY New York,NC North Carolina,ND North Dakota,
    OH Ohio,OK Oklahoma,OR Oregon,PA Pennsylvania,RI Rhode Island,SC South Carolina,SD South Dakota,TN Tennessee,
    TX Texas,UT Utah,VT Vermont,VA Virginia,WA Washington,WV West Virginia,WI Wisconsin,WY Wyoming`,
  CA: `AB Alberta,BC British Columbia,MB Manitoba,NB New Brunswick,NL Newfoundland and Labrador,NS Nova Scotia,ON Ontario,
    PE Prince Edward Island,QC Quebec,SK Saskatchewan,YT Yukon,NT Northwest Territories,NU Nunavut`,
  AU: `ACT Australian Capital Territory,NSW New South Wales,NT Northern Territory,QLD Queensland,SA South Australia,
    TAS Tasmania,VIC Victoria,WA Western Australia`,
  GB: 'ENG England,NIR Northern Ireland,SCT Scotland,WLS Wales',
}

/** Reports whether a word after the comma names the city's country, state or province. */
export function isQualifier(
  word: string,
  city: { readonly country: string; readonly region: string | null },
): boolean {
  const plain = plainName(word)
  if (plain === '') return false
  const { country, region } = city
  if (plain === plainName(country) || plain === region?.toLowerCase()) return true
  if (plain === plainName(regionName(country, region)) || plain === plainName(countryName(country)))
    return true
  return COUNTRY_WORDS[country]?.includes(plain) ?? false
}

function countryName(country: string): string {
  return new Intl.DisplayNames('en', { type: 'region' }).of(country) ?? country
}

function regionName(country: string, region: string | null): string {
  const rows = region === null ? [] : (REGIONS[country] ?? '').split(',').map((row) => row.trim())
  return rows.find((row) => row.startsWith(`${region} `))?.slice(`${region} `.length) ?? ''
}
