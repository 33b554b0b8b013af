/**
 * Keeps the space for new objects at the size it starts with, before anything else is loaded: imported first, for its
 * effect. Node would let it grow to 16 MB and more, three times over, and never give it back; a hub with 2,000 runners
 * holds 115 MB more then, and does 7 % less work for it (measured 27 November 2026).
 */
import { setFlagsFromString } from 'node:v8'

setFlagsFromString('--semi-space-growth-factor=1')
