import type { Hello } from '../../wire/hello.ts'

/** What the hub keeps of a runner's hellos. */
export interface Generations {
  /** Given at the last hello; 0 before the first. */
  readonly generation: number
  /** The nonce of that hello; null before the first. */
  readonly nonce: string | null
}

/**
 * What a hello means: the next generation, the same once more (its answer was lost), or another machine with the same
 * key. Store the next under the row's ETag before it is answered; `cloned` locks the runner.
 */
export function judgeHello(
  held: Generations,
  hello: Pick<Hello, 'generation' | 'nonce'>,
): { readonly kind: 'next' | 'again'; readonly generation: number } | { readonly kind: 'cloned' } {
  if (hello.generation === held.generation) return { kind: 'next', generation: held.generation + 1 }
  const repeats = hello.generation === held.generation - 1 && hello.nonce === held.nonce
  return repeats ? { kind: 'again', generation: held.generation } : { kind: 'cloned' }
}
