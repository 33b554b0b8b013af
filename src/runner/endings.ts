/** Why a runner ends on its own account. */
export type Ending =
  /** It was told to stop. */
  | 'stopped'
  /** Its key is dead; starting it again changes nothing until it is enrolled anew. */
  | 'revoked'
  /** Its clock is more than a day away from the hub's. */
  | 'clock-wrong'

/** Exit codes: 77 and 78 are EX_NOPERM and EX_CONFIG of sysexits.h; service managers do not restart on them. */
export const EXIT = { ok: 0, failed: 1, revoked: 77, configuration: 78 } as const

/** The exit code of an ending. */
export function exitCodeOf(ending: Ending): number {
  if (ending === 'revoked') return EXIT.revoked
  return ending === 'clock-wrong' ? EXIT.configuration : EXIT.ok
}
