/** The port is taken: the message is for the person who started the program. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken'
  readonly port: number

  constructor(port: number) {
    super(`Port ${port} is taken by another program; choose another one with --port.`)
    this.port = port
  }
}
