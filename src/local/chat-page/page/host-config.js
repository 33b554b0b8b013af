// What Teams draws cards with: sizes, spacings and colours of its desktop client. Every container style carries its own
// foreground colours, else bands become unreadable in the dark.

const LIGHT = {
  text: '#242424',
  subtle: '#616161',
  good: '#237B4B',
  warning: '#835C00',
  attention: '#C4314B',
  accent: '#5B5FC7',
  line: '#E0E0E0',
  bands: {
    default: '#FFFFFF',
    emphasis: '#F5F5F5',
    good: '#F0F9F1',
    attention: '#FDF3F5',
    warning: '#FEF8E8',
    accent: '#EEF0FC',
  },
}

const DARK = {
  text: '#FFFFFF',
  subtle: '#ADADAD',
  good: '#92C353',
  warning: '#F8D22A',
  attention: '#F1707B',
  accent: '#9299F7',
  line: '#3D3D42',
  bands: {
    default: '#292929',
    emphasis: '#333333',
    good: '#243327',
    attention: '#3C2529',
    warning: '#3A311B',
    accent: '#31324E',
  },
}

const tone = (color, subtle) => ({ default: color, subtle })

const styleOf = (palette, background) => ({
  backgroundColor: background,
  foregroundColors: {
    default: tone(palette.text, palette.subtle),
    dark: tone(palette.text, palette.subtle),
    light: tone(palette.subtle, palette.subtle),
    accent: tone(palette.accent, palette.accent),
    good: tone(palette.good, palette.good),
    warning: tone(palette.warning, palette.warning),
    attention: tone(palette.attention, palette.attention),
  },
})

/** The host configuration for `adaptivecards`, light or dark. */
export function hostConfig(isDark) {
  const palette = isDark ? DARK : LIGHT
  const fontSizes = { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 }
  const fontWeights = { lighter: 300, default: 400, bolder: 600 }
  const fontFamily =
    '"Segoe UI", -apple-system, "Open Sans", "Noto Sans", "Liberation Sans", Arial, sans-serif'
  return {
    fontFamily,
    spacing: { none: 0, small: 8, default: 12, medium: 16, large: 20, extraLarge: 24, padding: 16 },
    separator: { lineThickness: 1, lineColor: palette.line },
    fontTypes: {
      default: { fontFamily, fontSizes, fontWeights },
      monospace: { fontFamily: 'Consolas, "DejaVu Sans Mono", monospace', fontSizes, fontWeights },
    },
    fontSizes,
    fontWeights,
    lineHeights: { small: 16, default: 20, medium: 22, large: 26, extraLarge: 32 },
    imageSizes: { small: 40, medium: 80, large: 160 },
    containerStyles: Object.fromEntries(
      Object.entries(palette.bands).map(([name, background]) => [name, styleOf(palette, background)]),
    ),
    actions: {
      maxActions: 6,
      spacing: 'default',
      buttonSpacing: 8,
      actionsOrientation: 'horizontal',
      actionAlignment: 'left',
      showCard: { actionMode: 'inline', inlineTopMargin: 16, style: 'emphasis' },
    },
    adaptiveCard: { allowCustomStyle: false },
    factSet: {
      title: { weight: 'bolder', wrap: true, maxWidth: 150 },
      value: { wrap: true },
      spacing: 16,
    },
    inputs: {
      label: {
        inputSpacing: 'small',
        requiredInputs: { weight: 'bolder' },
        optionalInputs: { weight: 'bolder' },
      },
      errorMessage: { spacing: 'small', weight: 'default' },
    },
    table: { cellSpacing: 8 },
    supportsInteractivity: true,
  }
}
