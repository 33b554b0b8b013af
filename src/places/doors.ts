import type { Row } from './row.ts'

/**
 * Exchange front doors that were observed: as the last CNAME label (`LHR-efz.ms-acdc.office.com`) or in the header
 * `X-FirstHopCafeEFZ`, 2017 to 2026. Microsoft publishes no list, so there are more; the nearest of these is the
 * nearest *known* door. Codes are of the airport nearest to the datacenter, some of them very small (EAT, MNZ, LYH,
 * CYS).
 */
export const EXCHANGE_DOORS: readonly Row[] = [
  ['EAT', 47.4, -120.21, 'Wenatchee, Washington'],
  ['SJC', 37.36, -121.93, 'San Jose, California'],
  ['PHX', 33.43, -112.01, 'Phoenix, Arizona'],
  ['CYS', 41.16, -104.81, 'Cheyenne, Wyoming'],
  ['MDW', 41.79, -87.75, 'Chicago Midway'],
  ['LYH', 37.33, -79.2, 'Lynchburg, Virginia'],
  ['MNZ', 38.72, -77.52, 'Manassas, Virginia'],
  ['LHR', 51.47, -0.45, 'London Heathrow'],
  ['DUB', 53.42, -6.27, 'Dublin'],
  ['CDG', 49.01, 2.55, 'Paris Charles de Gaulle'],
  ['AMS', 52.31, 4.76, 'Amsterdam'],
  ['FRA', 50.03, 8.56, 'Frankfurt'],
  ['VIE', 48.11, 16.57, 'Vienna'],
  ['DXB', 25.25, 55.36, 'Dubai'],
  ['MAA', 12.99, 80.17, 'Chennai'],
  ['SIN', 1.36, 103.99, 'Singapore'],
  ['KUL', 2.75, 101.71, 'Kuala Lumpur'],
  ['HKG', 22.31, 113.92, 'Hong Kong'],
  ['SYD', -33.95, 151.18, 'Sydney'],
]
