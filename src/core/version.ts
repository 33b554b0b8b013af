/** The version of hub and runner: they ship together. The same as in `package.json`. */
export const VERSION = '0.1.0'
