import type { RenderedCard } from '../../../src/cards/render-card.ts'
import { answerText } from '../../../src/commands/answer.ts'
import type { TestContext } from '../../commands/context.ts'

/** Something that is said, or a button that is pressed. */
type Step = string | { readonly press: string; readonly inputs?: Readonly<Record<string, string>> }

/** The card that the last of some steps gives: what people really see. */
export async function cardAfter(
  context: TestContext,
  ...steps: readonly Step[]
): Promise<() => RenderedCard> {
  let last: RenderedCard | null = null
  for (const step of steps) {
    const title = typeof step === 'string' ? '' : step.press
    const text = typeof step === 'string' ? step : (context.offered.get(title) ?? title)
    const beside =
      typeof step === 'string' ? {} : { inputs: step.inputs ?? {}, kept: context.kept.get(title) ?? null }
    const { answer } = await answerText(text, context, beside)
    last = answer.kind === 'card' ? answer.card : null
  }
  if (last === null) throw new Error('no card')
  const card = last
  return () => card
}
