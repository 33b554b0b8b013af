import { LANGUAGE } from './language.ts'
import { speechIn } from './speech.ts'

/** By what dates and numbers are written, a BCP 47 tag. */
export const LOCALE = LANGUAGE.locale

/** The speech of this installation. */
export const { t, named, counted } = speechIn(LANGUAGE)
