import { connect } from 'node:net'

export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly text: string
}

/** Sends bytes as they are and returns all that comes back until the server closes or one whole answer is in. */
export function raw(port: number, request: string | Buffer): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let text = ''
    const settle = (): void => {
      socket.destroy()
      resolve(parse(text))
    }
    socket.on('connect', () => socket.write(request))
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      if (isWhole(text)) settle()
    })
    socket.on('end', settle)
    socket.on('error', (error) => (text === '' ? reject(error) : settle()))
  })
}

/** A request with these header lines, `Host` set to the server's own, and the connection closed after it. */
export function head(port: number, line: string, headers: readonly string[] = []): string {
  return [`${line}`, `Host: 127.0.0.1:${port}`, 'Connection: close', ...headers, '', ''].join('\r\n')
}

function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n')
  const length = /content-length: (\d+)/i.exec(text)?.[1]
  if (end < 0 || length === undefined || /^HTTP\/1\.1 100/.test(text)) return false
  return text.length >= end + 4 + Number(length)
}

function parse(text: string): RawAnswer {
  const [top = '', ...rest] = text.split('\r\n\r\n')
  const [line = '', ...lines] = top.split('\r\n')
  const headers = Object.fromEntries(
    lines.map((entry) => {
      const at = entry.indexOf(':')
      return [entry.slice(0, at).toLowerCase(), entry.slice(at + 1).trim()]
    }),
  )
  return { status: Number(line.split(' ')[1] ?? 0), headers, body: rest.join('\r\n\r\n'), text }
}
