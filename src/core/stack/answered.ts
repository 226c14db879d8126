/** Where the answer to a wish stands among the outputs of its step. */
import type { Output } from '../events.js'

/** The answer to the application stands behind the orders to the shell and before all other news. */
export const answered = (outputs: readonly Output[], answer: Output): readonly Output[] => {
  if (outputs.every(isOrder)) return [...outputs, answer]
  return [...outputs.filter(isOrder), answer, ...outputs.filter((output) => !isOrder(output))]
}

const isOrder = ({ _tag }: Output): boolean =>
  _tag === 'StopTimer' ||
  _tag === 'Transmit' ||
  _tag === 'StartTimer' ||
  _tag === 'Resolve' ||
  _tag === 'OpenFlow' ||
  _tag === 'CloseFlow'
