import type { Door } from '../core/probe.ts'

/**
 * Azure regions by the name that a Teams relay's CNAME carries, with the position of the region's city or datacenter
 * (Azure geographies list).
 */
const REGIONS: readonly (readonly [name: string, latitude: number, longitude: number, label: string])[] = [
  ['westus', 37.78, -122.42, 'California'],
  ['westus2', 47.23, -119.85, 'Quincy, Washington'],
  ['westus3', 33.45, -112.07, 'Phoenix, Arizona'],
  ['westcentralus', 41.14, -104.82, 'Cheyenne, Wyoming'],
  ['centralus', 41.59, -93.62, 'Des Moines, Iowa'],
  ['southcentralus', 29.42, -98.49, 'San Antonio, Texas'],
  ['northcentralus', 41.88, -87.63, 'Chicago, Illinois'],
  ['eastus', 37.37, -79.82, 'Virginia'],
  ['eastus2', 36.67, -78.39, 'Boydton, Virginia'],
  ['canadacentral', 43.65, -79.38, 'Toronto'],
  ['canadaeast', 46.81, -71.21, 'Quebec City'],
  ['mexicocentral', 20.59, -100.39, 'Queretaro'],
  ['brazilsouth', -23.55, -46.63, 'Sao Paulo'],
  ['brazilsoutheast', -22.91, -43.17, 'Rio de Janeiro'],
  ['chilecentral', -33.45, -70.67, 'Santiago'],
  ['northeurope', 53.35, -6.26, 'Dublin'],
  ['westeurope', 52.37, 4.9, 'Amsterdam'],
  ['uksouth', 50.94, -0.8, 'London'],
  ['ukwest', 51.48, -3.18, 'Cardiff'],
  ['francecentral', 46.38, 2.37, 'Paris'],
  ['francesouth', 43.3, 5.37, 'Marseille'],
  ['germanywestcentral', 50.11, 8.68, 'Frankfurt'],
  ['germanynorth', 52.52, 13.4, 'Berlin'],
  ['switzerlandnorth', 47.45, 8.56, 'Zurich'],
  ['switzerlandwest', 46.2, 6.14, 'Geneva'],
  ['italynorth', 45.46, 9.19, 'Milan'],
  ['spaincentral', 40.42, -3.7, 'Madrid'],
  ['austriaeast', 48.21, 16.37, 'Vienna'],
  ['polandcentral', 52.23, 21.01, 'Warsaw'],
  ['swedencentral', 60.67, 17.14, 'Gavle'],
  ['norwayeast', 59.91, 10.75, 'Oslo'],
  ['norwaywest', 58.97, 5.73, 'Stavanger'],
  ['denmarkeast', 55.68, 12.57, 'Copenhagen'],
  ['israelcentral', 32.09, 34.78, 'Tel Aviv'],
  ['qatarcentral', 25.29, 51.53, 'Doha'],
  ['uaenorth', 25.27, 55.32, 'Dubai'],
  ['uaecentral', 24.47, 54.37, 'Abu Dhabi'],
  ['southafricanorth', -25.73, 28.22, 'Johannesburg'],
  ['southafricawest', -33.92, 18.42, 'Cape Town'],
  ['centralindia', 18.52, 73.86, 'Pune'],
  ['southindia', 13.08, 80.27, 'Chennai'],
  ['westindia', 19.08, 72.88, 'Mumbai'],
  ['jioindiawest', 22.47, 70.06, 'Jamnagar'],
  ['jioindiacentral', 21.15, 79.09, 'Nagpur'],
  ['japaneast', 35.68, 139.77, 'Tokyo'],
  ['japanwest', 34.69, 135.5, 'Osaka'],
  ['koreacentral', 37.57, 126.98, 'Seoul'],
  ['koreasouth', 35.18, 129.08, 'Busan'],
  ['eastasia', 22.27, 114.19, 'Hong Kong'],
  ['southeastasia', 1.28, 103.83, 'Singapore'],
  ['malaysiawest', 3.14, 101.69, 'Kuala Lumpur'],
  ['indonesiacentral', -6.21, 106.85, 'Jakarta'],
  ['australiaeast', -33.86, 151.21, 'Sydney'],
  ['australiasoutheast', -37.81, 144.96, 'Melbourne'],
  ['australiacentral', -35.31, 149.12, 'Canberra'],
  ['newzealandnorth', -36.85, 174.76, 'Auckland'],
]

/** Every region that is known; Microsoft does not say which of them have Teams relays. */
export const REGION_PLACES: readonly Door[] = REGIONS.map(([code, latitude, longitude, label]) => ({
  code,
  latitude,
  longitude,
  label,
}))

/** Where an Azure region is, by its name in any case (`westeurope`, `East US 2`); null for one that is not known. */
export function regionNamed(name: string): Door | null {
  const plain = name.toLowerCase().replaceAll(' ', '')
  return REGION_PLACES.find(({ code }) => code === plain) ?? null
}
