/** A port that cannot be had; the message is for whoever starts the beacon. */
export class CannotListen extends Error {
  override readonly name = 'CannotListen'
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE:
    'another program has it (systemd-resolved has 127.0.0.53: name your own address in DOORSTEP_BEACON_LISTEN)',
  EACCES: 'ports below 1024 need the capability CAP_NET_BIND_SERVICE',
  EADDRNOTAVAIL: 'this machine does not have that address',
  EAFNOSUPPORT: 'this machine does not have that address family',
}

/** The error to show for a failed bind. */
export function cannotListen(what: string, error: NodeJS.ErrnoException): CannotListen {
  return new CannotListen(`cannot listen on ${what}: ${REASONS[error.code ?? ''] ?? error.message}`)
}
