/** Why a store could not be opened. Configuration, never a passing state: trying again at once will not help. */
export type CannotOpenWord =
  | 'in-use'
  | 'network-mount'
  | 'not-writable'
  | 'damaged'
  | 'newer-version'
  | 'bad-address'
  | 'insecure'

/** The store was not opened. The message is one sentence for the person who configures Doorstep, without secrets. */
export class CannotOpenStore extends Error {
  override readonly name = 'CannotOpenStore'
  readonly word: CannotOpenWord

  constructor(word: CannotOpenWord, message: string) {
    super(message)
    this.word = word
  }
}
