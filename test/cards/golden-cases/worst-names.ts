/** Names that have broken cards: long, wide, right to left, reversing, and such as look like markup or templates. */
export const WORST_NAMES: readonly string[] = [
  'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch',
  '東京都千代田区丸の内一丁目の本社ビルディング',
  'مكتب القاهرة 7',
  'evil \u202Etxt.exe\u202C',
  '2001:db8:85a3:8d3:1319:8a2e:370:7348',
  '${office.name} [click](http://evil.example) **bold** <at>all</at>',
]
